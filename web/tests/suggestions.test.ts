import { beforeAll, expect, test } from 'vitest';
import type { Answers, Question, Schema, Suggestion } from '../src/api';
import { loadKinds } from '../src/questions/registry';
import { Work } from '../src/state/work.svelte';

const options = ['good', 'bad', 'odd'].map((value) => ({ value, label: value }));
const SCHEMA: Schema = {
  fields: [{ name: 'text', type: 'text' }],
  questions: [
    { type: 'choice', name: 'mood', label: 'Mood?', options },
    { type: 'rating', name: 'score', label: 'How much?', when: [{ question: 'mood', is: ['bad'] }] },
    { type: 'text', name: 'why', label: 'Why?', required: false },
  ],
};
const [MOOD, SCORE] = SCHEMA.questions as [Question, Question];

beforeAll(() => loadKinds(SCHEMA.questions));

const says = (id: string, answers: Answers): Suggestion => ({ source: { id, kind: 'model', name: `model ${id}`, version: null }, answers });

function begun(...suggestions: Suggestion[]): Work {
  const versions = { schema_version: 1, guideline_version: 1, policy_version: 1 };
  const rest = { lease_id: 'l', why: '', purpose: 'label', supersedes: null } as const;
  return new Work({ item_id: 'i', external_id: 'x', payload: { text: 'T' }, ...rest, ...versions, suggestions }, SCHEMA, 'id');
}
const told = (work: Work) => work.request('answered', null).assistance;

test('nothing is answered before it is accepted', () => {
  const work = begun(says('a', { mood: 'bad', score: 3 }));
  expect(work.answers).toEqual({});
  expect(work.missing.map(({ name }) => name)).toEqual(['mood']);
  expect(work.request('answered', null).answers).toEqual({});
  expect(told(work)).toEqual({ shown: ['a'], accepted: [], changed: [] });
});

test('without any, nothing is said of them', () => {
  expect(told(begun())).toBeUndefined();
});

test('accepting is one step, and undone it is as if nothing had been accepted', () => {
  const work = begun(says('a', { mood: 'bad' }));
  work.accept(MOOD, 'bad');
  expect(told(work)).toEqual({ shown: ['a'], accepted: ['mood'], changed: [] });
  work.undo();
  expect([work.answers, work.canUndo]).toEqual([{}, false]);
  work.answer('mood', 'good');
  expect(told(work)).toEqual({ shown: ['a'], accepted: [], changed: [] });
  work.undo();
  work.accept(MOOD, 'bad');
  work.undo();
  work.redo();
  expect(told(work)?.accepted).toEqual(['mood']);
});

test('what is edited after it was accepted is changed, and accepted again when it is put back', () => {
  const work = begun(says('a', { mood: 'bad' }));
  work.accept(MOOD, 'bad');
  work.answer('mood', 'odd');
  expect(told(work)).toEqual({ shown: ['a'], accepted: [], changed: ['mood'] });
  work.undo();
  expect(told(work)).toEqual({ shown: ['a'], accepted: ['mood'], changed: [] });
});

test('the same answer given by hand is not accepted', () => {
  const work = begun(says('a', { mood: 'bad' }));
  work.answer('mood', 'bad');
  expect(told(work)).toEqual({ shown: ['a'], accepted: [], changed: [] });
});

test('models that say the same stand together, and what does not fit is not suggested', () => {
  const work = begun(says('a', { mood: 'bad' }), says('b', { mood: 'purple', why: '' }), says('c', { mood: 'bad' }), says('d', { mood: 'good' }));
  expect(work.suggestions.of(MOOD).map(({ answer, models }) => [answer, models])).toEqual([['bad', ['a', 'c']], ['good', ['d']]]);
  expect(told(work)?.shown).toEqual(['a', 'c', 'd']);
});

test('all at once is one step, takes in what is asked because of it, and leaves what is answered', () => {
  const work = begun(says('a', { mood: 'bad', score: 3, why: 'because' }));
  work.answer('why', 'my own');
  expect(work.acceptAll()).toBe(2);
  expect(work.answers).toEqual({ mood: 'bad', score: 3, why: 'my own' });
  expect(told(work)).toEqual({ shown: ['a'], accepted: ['mood', 'score'], changed: [] });
  expect(work.acceptAll()).toBe(0);
  work.undo();
  expect(work.answers).toEqual({ why: 'my own' });
  expect(told(work)?.accepted).toEqual([]);
});

test('a suggestion for what is not asked is neither shown nor accepted', () => {
  const work = begun(says('a', { score: 3 }));
  expect(told(work)).toBeUndefined();
  work.answer('mood', 'bad');
  work.accept(SCORE, 3);
  expect(told(work)).toEqual({ shown: ['a'], accepted: ['score'], changed: [] });
  work.answer('mood', 'good');
  expect(told(work)).toBeUndefined();
});

test('a draft brings back what was accepted, what was changed and what was shown', () => {
  const work = begun(says('a', { mood: 'bad', score: 3 }));
  work.accept(MOOD, 'bad');
  work.accept(SCORE, 3);
  work.answer('score', 5);
  const draft = work.request('answered', null);
  const again = begun(says('a', { mood: 'bad', score: 3 }));
  for (const [name, answer] of Object.entries(draft.answers)) again.answer(name, answer);
  again.recall(draft.assistance ?? {});
  expect(told(again)).toEqual({ shown: ['a'], accepted: ['mood'], changed: ['score'] });
});
