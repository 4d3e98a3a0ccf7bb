import { expect, test } from 'vitest';
import type { Schema, SchemaEffects } from '../src/api';
import { EffectsOfChange } from '../src/state/schema-effects.svelte';

const schema = (name: string): Schema => ({ fields: [{ name, type: 'text', label: name }], questions: [] });
const again = (n: number): SchemaEffects => ({ questions: [], n_items_asked_again: n, n_annotations_retired: n });

test('only the first and the newest of several drafts are counted, and the newest is shown', async () => {
  const waiting: { name: string; answer: (effects: SchemaEffects) => void }[] = [];
  const effects = new EffectsOfChange(
    (asked) =>
      new Promise((answer) => {
        waiting.push({ name: asked.fields[0]?.name ?? '', answer });
      }),
  );
  const done = effects.look(schema('one'));
  void effects.look(schema('two'));
  void effects.look(schema('three'));
  expect(waiting.map(({ name }) => name)).toEqual(['one']);
  waiting[0]?.answer(again(1));
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  expect(effects.value).toBeNull();
  expect(waiting.map(({ name }) => name)).toEqual(['one', 'three']);
  waiting[1]?.answer(again(3));
  await done;
  expect(effects.value?.n_items_asked_again).toBe(3);
});

test('a count that failed is said, and the next draft is counted all the same', async () => {
  const effects = new EffectsOfChange((asked) => (asked.fields[0]?.name === 'bad' ? Promise.reject(new Error('offline')) : Promise.resolve(again(2))));
  await effects.look(schema('bad'));
  expect([effects.value, String(effects.error)]).toEqual([null, 'Error: offline']);
  await effects.look(schema('good'));
  expect([effects.value?.n_items_asked_again, effects.error]).toEqual([2, null]);
});
