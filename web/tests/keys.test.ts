import { beforeEach, describe, expect, test } from 'vitest';
import { Keys, nameOf, takesText, type Binding, type Press } from '../src/lib/keys.svelte';
import { optionKeys } from '../src/state/option-keys';

let nowMs = 0;
let keys: Keys;
let done: string[];

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  isComposing: false,
  keyCode: 0,
  target: null,
  defaultPrevented: false,
  preventDefault: () => undefined,
  ...more,
});

const binding = (key: string, more: Partial<Binding> = {}): Binding => ({
  keys: [key],
  text: key,
  group: '',
  run: () => done.push(key),
  ...more,
});

const element = (tagName: string, type = '') => ({ tagName, type }) as unknown as EventTarget;

beforeEach(() => {
  nowMs = 0;
  done = [];
  keys = new Keys(() => nowMs);
});

test('a key does what it is bound to', () => {
  keys.add([binding('1'), binding('Enter')]);
  expect(keys.handle(press('1'))).toBe(true);
  expect(keys.handle(press('2'))).toBe(false);
  expect(done).toEqual(['1']);
});

test('the innermost layer wins, and leaves with its page', () => {
  keys.add([binding('1', { run: () => done.push('outer') })]);
  const leave = keys.add([binding('1', { run: () => done.push('inner') })]);
  keys.handle(press('1'));
  leave();
  keys.handle(press('1'));
  expect(done).toEqual(['inner', 'outer']);
});

describe('no key works', () => {
  beforeEach(() => void keys.add([binding('a'), binding('Enter'), binding('1')]));

  test('while an input method composes', () => {
    keys.handle(press('Enter', { isComposing: true }));
    keys.handle(press('1', { keyCode: 229 }));
    expect(done).toEqual([]);
  });

  test.each(['INPUT', 'TEXTAREA', 'SELECT'])('while somebody writes in %s', (tag) => {
    keys.handle(press('a', { target: element(tag) }));
    expect(done).toEqual([]);
  });

  test('when something else has taken it', () => {
    keys.handle(press('a', { defaultPrevented: true }));
    expect(done).toEqual([]);
  });

  test('while the list of keys is open, except the one that closes it', () => {
    keys.isListOpen = true;
    keys.handle(press('a'));
    expect(done).toEqual([]);
    keys.handle(press('?', { shiftKey: true }));
    expect(keys.isListOpen).toBe(false);
  });

  test('with a modifier that was not asked for', () => {
    keys.handle(press('a', { ctrlKey: true }));
    keys.handle(press('a', { altKey: true }));
    expect(done).toEqual([]);
  });
});

test('what is meant to work while writing does', () => {
  keys.add([binding('mod+Enter', { whileTyping: true })]);
  keys.handle(press('Enter', { ctrlKey: true, target: element('TEXTAREA') }));
  keys.handle(press('Enter', { metaKey: true, target: element('TEXTAREA') }));
  expect(done).toEqual(['mod+Enter', 'mod+Enter']);
});

test('a check box takes no text, so letters still work', () => {
  expect(takesText(element('INPUT', 'checkbox'))).toBe(false);
  expect(takesText(element('INPUT', 'text'))).toBe(true);
});

test('Enter on a button is the button’s own', () => {
  keys.add([binding('Enter', { yieldsToControls: true })]);
  keys.handle(press('Enter', { target: element('BUTTON') }));
  expect(done).toEqual([]);
  keys.handle(press('Enter', { target: element('DIV') }));
  expect(done).toEqual(['Enter']);
});

describe('a chord', () => {
  beforeEach(() => void keys.add([binding('g i'), binding('i')]));

  test('is two keys in a row', () => {
    keys.handle(press('g'));
    keys.handle(press('i'));
    expect(done).toEqual(['g i']);
  });

  test('is forgotten after a while', () => {
    keys.handle(press('g'));
    nowMs = 5000;
    keys.handle(press('i'));
    expect(done).toEqual(['i']);
  });

  test('survives the modifier between its keys and ends with another key', () => {
    keys.handle(press('g'));
    keys.handle(press('Shift', { shiftKey: true }));
    keys.handle(press('x'));
    keys.handle(press('i'));
    expect(done).toEqual(['i']);
  });
});

test('names are the same on every keyboard', () => {
  expect(nameOf(press('Z', { metaKey: true, shiftKey: true }))).toBe('mod+shift+z');
  expect(nameOf(press('?', { shiftKey: true }))).toBe('?');
  expect(nameOf(press('A', { shiftKey: true }))).toBe('a');
  expect(nameOf(press('Tab', { shiftKey: true }))).toBe('shift+Tab');
});

describe('the key for an action', () => {
  const binding = (action: string, ...names: string[]) => ({ action, keys: names, text: '', group: '', run: () => undefined });

  test('is its own, or that of the map, unless a question takes it', () => {
    const keys = new Keys();
    keys.add([binding('accept', 'y'), binding('acceptWriting', 'alt+ArrowUp')]);
    expect(keys.keyFor('accept', 'acceptWriting')).toBe('y');
    keys.map = { accept: ['p'] };
    expect(keys.keyFor('accept', 'acceptWriting')).toBe('p');
    keys.map = {};
    const remove = keys.add([{ keys: ['y'], text: 'Yes', group: '', run: () => undefined }], 'active');
    expect(keys.keyFor('accept', 'acceptWriting')).toBe('alt+ArrowUp');
    remove();
    expect(keys.keyFor('accept')).toBe('y');
    expect(keys.keyFor('nothing')).toBeUndefined();
  });
});

describe('keys of options', () => {
  const options = (n: number, given: Record<number, string> = {}) =>
    Array.from({ length: n }, (_none, i) => ({ value: String(i), label: String(i), key: given[i] ?? null }));

  test('are digits first, then letters the screen does not need', () => {
    const found = optionKeys(options(14));
    expect(found.slice(0, 11)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', 'q']);
    expect(found.filter((key) => key !== null && 'sfcguy'.includes(key))).toEqual([]);
  });

  test('given by the schema come first and are never given twice', () => {
    expect(optionKeys(options(4, { 1: 'M', 3: '1' }))).toEqual(['2', 'm', '3', '1']);
  });

  test('run out after all are given', () => {
    const found = optionKeys(options(60));
    const given = found.filter((key) => key !== null);
    expect(new Set(given).size).toBe(given.length);
    expect(found.at(-1)).toBeNull();
  });
});
