// @vitest-environment jsdom
import { flushSync } from 'svelte';
import { expect, test } from 'vitest';
import { Keys, type Binding } from '../src/lib/keys.svelte';

const binding = (text: string): Binding => ({ keys: ['x'], text, group: '', run: () => undefined });

test('keys that one effect has just added stay when another takes its own away in the same change', () => {
  const keys = new Keys();
  let isOpen = $state(false);
  const end = $effect.root(() => {
    $effect(() => (isOpen ? keys.add([binding('inner')], 'active') : undefined));
    $effect(() => keys.add([binding(isOpen ? 'outer, open' : 'outer')]));
  });
  flushSync();
  isOpen = true;
  flushSync();
  expect(keys.active.map(({ text }) => text)).toEqual(['inner', 'outer, open']);
  isOpen = false;
  flushSync();
  expect(keys.active.map(({ text }) => text)).toEqual(['outer']);
  end();
  expect(keys.active).toEqual([]);
});
