import { expect, test, vi } from 'vitest';
import { action, ACTION_IDS, ACTIONS } from '../src/keymaps/actions';
import { clashesOf, keysUnder, mapOf, MAPS, withKeys } from '../src/keymaps/maps';
import { Keys, type Press } from '../src/lib/keys.svelte';

const press = (key: string, some: Partial<Press> = {}): Press => ({
  key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, keyCode: 0,
  target: null, defaultPrevented: false, preventDefault: () => undefined, ...some,
});

test('no map gives one key to two actions', () => {
  for (const name of MAPS) expect([name, [...clashesOf(mapOf({ key_map: name }))]]).toEqual([name, []]);
});

test('what a map leaves out is as in Goldsmith', () => {
  expect(keysUnder(mapOf({ key_map: 'cvat' }), 'label.leave')).toEqual(['f']);
  expect(keysUnder(mapOf({ key_map: 'cvat' }), 'label.skip')).toEqual(ACTIONS['label.skip'].keys);
});

test('a map moves the key of an action, and leaves keys without one where they are', () => {
  const keys = new Keys();
  const [submitted, own] = [vi.fn(), vi.fn()];
  keys.add([
    { ...action('label.submit'), group: '', run: submitted },
    { keys: ['1'], text: '', group: '', run: own },
  ]);
  keys.map = mapOf({ key_map: 'cvat' });
  expect([keys.handle(press('Enter')), keys.handle(press('s', { ctrlKey: true })), keys.handle(press('1'))]).toEqual([false, true, true]);
  expect([submitted.mock.calls.length, own.mock.calls.length]).toEqual([1, 1]);
  expect(keys.active[0]?.keys).toEqual(['mod+s']);
});

test('an own map keeps only what differs, and says what clashes', () => {
  const own = withKeys({}, 'label.skip', ['x']);
  expect(own).toEqual({ 'label.skip': ['x'] });
  expect(withKeys(own, 'label.skip', ['s'])).toEqual({});
  expect(withKeys(own, 'label.skip', null)).toEqual({});
  const clashing = withKeys(own, 'label.undo', ['x']);
  expect([...clashesOf(clashing)]).toEqual([['x', ['label.skip', 'label.undo']]]);
});

test('a key that an input method takes is no hotkey under any map', () => {
  for (const name of MAPS) {
    const keys = new Keys();
    keys.map = mapOf({ key_map: name });
    const run = vi.fn();
    keys.add(ACTION_IDS.map((id) => ({ ...action(id), group: '', run, whileTyping: true })));
    for (const key of ['a', 'Enter', ' ', 'Process']) {
      expect(keys.handle(press(key, { isComposing: true }))).toBe(false);
      expect(keys.handle(press(key, { keyCode: 229 }))).toBe(false);
    }
    expect(run).not.toHaveBeenCalled();
  }
});
