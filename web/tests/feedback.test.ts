import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Answer, Answers, ComparisonQuestion, MessagesQuestion, RubricQuestion, Schema, StepsQuestion } from '../src/api';
import { added, shifted } from '../src/questions/authoring';
import { candidatesOf, drawn, shuffled } from '../src/questions/candidates';
import { ComparisonView } from '../src/questions/comparison-view.svelte';
import { accepting, firstOf, preferring } from '../src/questions/comparisons';
import { MessagesView } from '../src/questions/messages.svelte';
import { loadKinds } from '../src/questions/registry';
import { moved, placed, placeOf, tied } from '../src/questions/rankings';
import { criteriaOf, levelsOf, scoreOf } from '../src/questions/rubrics';
import { judged, StepsView } from '../src/questions/steps.svelte';
import { Work } from '../src/state/work.svelte';

const VERSIONS = { schema_version: 1, guideline_version: 1, policy_version: 1 };
const NO_SCHEMA: Schema = { fields: [], questions: [] };
function workOn(payload: Record<string, unknown>, answers: Answers = {}): Work {
  return new Work({ item_id: 'i', external_id: 'i', lease_id: null, payload, why: '', purpose: 'label', supersedes: null, ...VERSIONS }, NO_SCHEMA, 'id', answers, 'ana');
}

describe('the sides of a comparison', () => {
  const question: ComparisonQuestion = { type: 'comparison', name: 'better', label: 'Better?', a: 'one', b: 'two', strength: 3, acceptability: true };

  test('are the same for the same person and item, and fall evenly over items and over people', () => {
    expect(firstOf(question, undefined, 'i7:ana')).toBe(firstOf(question, undefined, 'i7:ana'));
    const share = (seed: (i: number) => string): number => Array.from({ length: 4000 }, (_one, i) => firstOf(question, undefined, seed(i))).filter((side) => side === 'a').length / 4000;
    expect(share((i) => `item-${String(i)}:ana`)).toBeCloseTo(0.5, 1);
    expect(share((i) => `item-1:person-${String(i)}`)).toBeCloseTo(0.5, 1);
    const both = Array.from({ length: 4000 }, (_one, i) => firstOf(question, undefined, `i${String(i)}:ana`) === firstOf(question, undefined, `i${String(i)}:ben`)).filter(Boolean).length;
    expect(both / 4000).toBeCloseTo(0.5, 1);
  });

  test('stay as they stood when it was answered', () => {
    const drawnSide = firstOf(question, undefined, 'i:ana');
    const other = drawnSide === 'a' ? 'b' : 'a';
    expect(firstOf(question, { preferred: 'a', first: other }, 'i:ana')).toBe(other);
  });

  test('the answer names the candidate, whichever side it stood on', () => {
    for (const first of ['a', 'b'] as const) {
      const work = workOn({}, { better: { preferred: 'tie', first } });
      const view = new ComparisonView(question, work);
      view.prefer(view.sides[0]);
      expect(work.answers['better']).toMatchObject({ preferred: first, first, strength: 1 });
    }
  });

  test('a press again makes it clearer, and after the clearest the slightest', () => {
    let answer = {};
    const strengths = [1, 2, 3, 4].map(() => (answer = preferring(question, answer, 'a', 'a')));
    expect(strengths.map((one) => (one as { strength?: number }).strength)).toEqual([1, 2, 3, 1]);
    expect(preferring(question, { preferred: 'a', strength: 3, first: 'a' }, 'b', 'a')).toEqual({ preferred: 'b', strength: 1, first: 'a' });
    expect(preferring(question, { preferred: 'a', strength: 3, first: 'a' }, 'tie', 'a')).toEqual({ preferred: 'tie', first: 'a' });
  });

  test('both bad means that neither is acceptable, and acceptability can be turned round', () => {
    expect(preferring(question, {}, 'both_bad', 'b')).toEqual({ preferred: 'both_bad', acceptable: { a: false, b: false }, first: 'b' });
    const once = accepting({}, 'a', 'a');
    expect(once.acceptable).toEqual({ a: true });
    expect(accepting(once, 'a', 'a').acceptable).toEqual({ a: false });
  });
});

describe('a ranking', () => {
  const three = [['a'], ['b'], ['c']];

  test('moves a candidate past its neighbours and not past the ends', () => {
    expect(moved(three, 'c', -1)).toEqual([['a'], ['c'], ['b']]);
    expect(moved(three, 'a', -1)).toEqual(three);
    expect(moved([['a', 'b'], ['c']], 'c', -1)).toEqual([['c'], ['a', 'b']]);
  });

  test('ties with what is above, and moves out of a tie to a place of its own', () => {
    expect(tied(three, 'b')).toEqual([['a', 'b'], ['c']]);
    expect(tied(three, 'a')).toEqual(three);
    expect(tied([['a', 'b'], ['c']], 'b')).toEqual(three);
    expect(moved([['a', 'b'], ['c']], 'b', -1)).toEqual([['b'], ['a'], ['c']]);
    expect(placeOf([['a', 'b'], ['c']], 'c')).toBe(3);
    expect(placeOf([['a', 'b'], ['c']], 'b')).toBe(1);
  });

  test('puts a candidate where it is dropped, between those of a tie too', () => {
    expect(placed(three, 'c', 0)).toEqual([['c'], ['a'], ['b']]);
    expect(placed(three, 'a', 3)).toEqual([['b'], ['c'], ['a']]);
    expect(placed([['a', 'b'], ['c']], 'c', 1)).toEqual([['a'], ['c'], ['b']]);
    expect(placed(three, 'b', 1)).toBe(three);
  });

  test('keeps every candidate exactly once, whatever is done', () => {
    let tiers: readonly (readonly string[])[] = [['a'], ['b'], ['c'], ['d']];
    for (let i = 0; i < 500; i += 1) {
      const id = 'abcd'[drawn(`id${String(i)}`) % 4] ?? 'a';
      const kind = drawn(`kind${String(i)}`) % 4;
      if (kind === 0) tiers = moved(tiers, id, 1);
      else if (kind === 1) tiers = moved(tiers, id, -1);
      else if (kind === 2) tiers = tied(tiers, id);
      else tiers = placed(tiers, id, drawn(`at${String(i)}`) % 5);
      expect([...tiers.flat()].sort()).toEqual(['a', 'b', 'c', 'd']);
      expect(tiers.every((tier) => tier.length > 0)).toBe(true);
    }
  });

  test('starts in an order by chance that stays', () => {
    const list = ['a', 'b', 'c', 'd', 'e'];
    expect(shuffled(list, 'x')).toEqual(shuffled(list, 'x'));
    const firsts = Array.from({ length: 1000 }, (_one, i) => shuffled(list, String(i))[0]);
    for (const one of list) expect(firsts.filter((first) => first === one).length).toBeGreaterThan(120);
  });

  test('names candidates of a field by id or number', () => {
    const question = { field: 'list' };
    expect(candidatesOf(question, { list: ['x', { text: 'y' }, { id: 7, text: 'z' }] })?.map(({ id }) => id)).toEqual(['1', '2', '7']);
    expect(candidatesOf(question, { list: ['x', { id: '1', text: 'y' }] })).toBeNull();
    expect(candidatesOf(question, { list: 'x' })).toBeNull();
  });
});

describe('verdicts on steps', () => {
  test('stop at the first error, where that is asked', () => {
    expect(judged([1, 1, 1], 3, 1, -1, true)).toEqual([1, -1, null]);
    expect(judged([1, 1, 1], 3, 1, -1, false)).toEqual([1, -1, 1]);
    expect(judged([], 2, 0, 1, true)).toEqual([1, null]);
  });

  test('go on to the next step without one, and leave out what comes after the first error', () => {
    const question: StepsQuestion = { type: 'steps', name: 's', label: 'S', field: 'list', stop_at_first_error: true };
    const work = workOn({ list: ['x', 'y', 'z'] });
    const view = new StepsView(question, work);
    expect(view.judge(0, 1)).toBe(true);
    expect(view.at).toBe(1);
    expect(view.judge(1, -1)).toBe(false);
    expect(work.answers['s']).toEqual([1, -1, null]);
    expect([view.isLeftOut(2), view.nJudged]).toEqual([true, 3]);
    view.go(1);
    expect(view.at).toBe(1);
    view.judge(1, 1);
    expect([work.answers['s'], view.at]).toEqual([[1, 1, null], 2]);
    view.follow();
    expect(view.at).toBe(2);
    work.undo();
    expect(work.answers['s']).toEqual([1, -1, null]);
    view.follow();
    expect(view.at).toBe(1);
  });
});

test('messages are rated one after the other, and each change is undone', async () => {
  const question: MessagesQuestion = { type: 'messages', name: 'm', label: 'M', field: 'chat', ask: [{ type: 'rating', name: 'good', label: 'Good?' }] };
  await loadKinds([question]);
  const work = workOn({ chat: [{ role: 'user', content: 'a' }, { role: 'assistant', content: 'b' }, { role: 'user', content: 'c' }, { role: 'assistant', content: 'd' }] });
  const view = new MessagesView(question, work);
  expect([view.messages, view.message]).toEqual([[1, 3], 1]);
  view.sheetOf(1).answer('good', 4);
  expect([view.goOn(), view.message, view.nRated]).toEqual([true, 3, 1]);
  view.sheetOf(3).answer('good', 2);
  expect(view.goOn()).toBe(false);
  expect(work.answers['m']).toEqual([{ message: 1, answers: { good: 4 } }, { message: 3, answers: { good: 2 } }]);
  view.follow();
  expect(view.message).toBe(3);
  work.undo();
  work.undo();
  expect(work.answers['m']).toBeUndefined();
  view.follow();
  expect(view.message).toBe(1);
});

describe('the score of a rubric', () => {
  interface Case {
    type: string;
    question: RubricQuestion;
    item: Record<string, unknown>;
    normal?: Answer;
    score?: number;
  }
  const file = join(import.meta.dirname, '..', '..', 'tests', 'cases', 'answers.json');
  const { answers } = JSON.parse(readFileSync(file, 'utf8')) as { answers: Case[] };
  const scored = answers.filter(({ score }) => score !== undefined);

  test('is the server’s for every case', () => {
    expect(scored.length).toBeGreaterThan(2);
    for (const { question, item, normal, score } of scored) {
      expect(scoreOf(criteriaOf(question, item) ?? [], levelsOf(normal)).score).toBeCloseTo(score ?? -1, 9);
    }
  });

  test('says how it comes about, before all is graded too', () => {
    const question: RubricQuestion = {
      type: 'rubric', name: 'r', label: 'R',
      criteria: [{ name: 'safe', label: 'Safe', kind: 'gate' }, { name: 'full', label: 'Full', weight: 3, levels: 3 }, { name: 'long', label: 'Long', kind: 'penalty', weight: 0.5 }],
    };
    const criteria = criteriaOf(question, {}) ?? [];
    expect(scoreOf(criteria, { full: 2, long: 1 })).toMatchObject({ gained: 2, whole: 3, lost: 0.5, score: 0.5, nOpen: 1, failed: [] });
    expect(scoreOf(criteria, { safe: 0, full: 3 })).toMatchObject({ score: 0, failed: [{ name: 'safe' }] });
  });
});

test('written criteria are added below and moved by one, not past the ends', () => {
  const list = [{ text: 'a', weight: 1, kind: 'credit' as const }, { text: 'b', weight: 1, kind: 'credit' as const }];
  expect(added(list, 0, 'gate').map(({ text, kind }) => text || kind)).toEqual(['a', 'gate', 'b']);
  expect(shifted(list, 1, -1).map(({ text }) => text)).toEqual(['b', 'a']);
  expect(shifted(list, 0, -1)).toBe(list);
});
