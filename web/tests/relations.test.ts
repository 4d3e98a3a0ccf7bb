import { beforeAll, describe, expect, test } from 'vitest';
import type { Question, RelationsQuestion, Span, SpansQuestion } from '../src/api';
import { relatingOf } from '../src/questions/relations.svelte';
import { check, checkAmong, loadKinds } from '../src/questions/registry';
import { spanEditor } from '../src/questions/span-state';
import { Work } from '../src/state/work.svelte';

const TEXT = 'Ada and Bob met in Rome.';
const NAMES: SpansQuestion = {
  type: 'spans', name: 'names', label: 'Names?', field: 'text', discontinuous: true,
  labels: [{ value: 'person', label: 'Person' }, { value: 'place', label: 'Place' }],
};
const LINKS: RelationsQuestion = {
  type: 'relations', name: 'links', label: 'Links?', spans: 'names', symmetric: ['met'],
  labels: [{ value: 'met', label: 'met' }, { value: 'in', label: 'in' }],
};
const QUESTIONS: Question[] = [NAMES, LINKS];
const subject = { item_id: 'i', external_id: 'i', lease_id: null, payload: { text: TEXT }, why: '', purpose: 'label' as const, supersedes: null, schema_version: 1, guideline_version: 1, policy_version: 1 };
const ADA: Span = { start: 0, end: 3, label: 'person' };
const BOB: Span = { start: 8, end: 11, label: 'person' };
const ROME: Span = { start: 19, end: 23, label: 'place' };

beforeAll(() => loadKinds(QUESTIONS));
const opened = () => new Work(subject, { fields: [{ name: 'text', type: 'text' }], questions: QUESTIONS }, 'id', { names: [ADA, BOB, ROME] });

describe('a relation', () => {
  test('is made from the mark it starts at to the mark at hand, and taken away the same way', () => {
    const relating = relatingOf(opened(), LINKS);
    relating.start();
    relating.step(1);
    relating.step(1);
    expect(relating.relate('in')).toEqual({ from: ADA, to: ROME, label: 'in' });
    relating.at = 0;
    relating.start();
    relating.at = 2;
    relating.relate('in');
    expect(relating.list).toEqual([]);
  });

  test('without direction has one form', () => {
    const relating = relatingOf(opened(), LINKS);
    relating.at = 1;
    relating.start();
    relating.at = 0;
    expect(relating.relate('met')).toEqual({ from: ADA, to: BOB, label: 'met' });
  });

  test('of a mark with itself is not made, and is refused', () => {
    const relating = relatingOf(opened(), LINKS);
    relating.start();
    expect(relating.relate('in')).toBeNull();
    expect(check(LINKS, [{ from: ADA, to: ADA, label: 'in' }], subject.payload)).toHaveProperty('fault');
  });

  test('whose mark is gone is told, and can be taken away', () => {
    const work = opened();
    const relating = relatingOf(work, LINKS);
    relating.start();
    relating.at = 1;
    relating.relate('met');
    work.answer('names', [ADA]);
    expect(work.faults.get('links')).toMatch(/not marked any more/);
    expect(checkAmong(LINKS, relating.list, work.answers)).not.toBeNull();
    relating.removeLoose();
    expect([relating.list, work.faults.size]).toEqual([[], 0]);
  });
});

describe('a mark in several pieces', () => {
  test('grows by what is selected, with the hash of its pieces, and shrinks again', () => {
    const work = opened();
    const editor = spanEditor(work, NAMES);
    editor.choose(ADA);
    editor.select(19, 23);
    expect(editor.extend()).toEqual({ start: 0, end: 23, label: 'person', parts: [[0, 3], [19, 23]] });
    const verdict = check(NAMES, work.answers['names'] ?? [], subject.payload);
    expect(verdict).toMatchObject({ answer: [{ start: 0, parts: [[0, 3], [19, 23]] }, { start: 8 }, { start: 19 }] });
    editor.select(19, 23);
    expect(editor.extend()).toEqual({ start: 0, end: 3, label: 'person' });
  });

  test('is refused where the question wants one piece, and where the pieces are not sound', () => {
    const span = { start: 0, end: 23, label: 'person', parts: [[0, 3], [19, 23]] };
    expect(check({ ...NAMES, discontinuous: false }, [span], subject.payload)).toHaveProperty('fault');
    for (const parts of [[[0, 23]], [[0, 12], [11, 23]], [[0, 3], [19, 22]]]) expect(check(NAMES, [{ ...span, parts }], subject.payload)).toHaveProperty('fault');
  });

  test('marked in another text is refused', () => {
    expect(check(NAMES, [{ ...ADA, hash: '0000000000000000' }], subject.payload)).toHaveProperty('fault');
  });
});
