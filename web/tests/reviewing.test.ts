import { beforeAll, describe, expect, test } from 'vitest';
import { Problem, Unreachable, type Answers, type Lease, type Leases, type Look, type NewReview, type ProjectFull, type Schema } from '../src/api';
import { loadKinds } from '../src/questions/registry';
import { isSame } from '../src/lib/same';
import { canMerge, disputed, hasPart, intersection, toggled, union } from '../src/review/merge';
import type { RefusedDecision } from '../src/state/outbox.svelte';
import { Reviewing, type DecisionDraft } from '../src/review/reviewing.svelte';
import { Queue } from '../src/state/queue.svelte';

const SCHEMA: Schema = {
  fields: [{ name: 'text', type: 'text' }],
  questions: [
    { type: 'choice', name: 'mood', label: 'Mood?', options: [{ value: 'good', label: 'Good' }, { value: 'bad', label: 'Bad' }] },
    { type: 'choices', name: 'tags', label: 'Tags?', required: false, options: [{ value: 'x', label: 'X' }, { value: 'y', label: 'Y' }] },
  ],
};
const SAID: Answers[] = [{ mood: 'good', tags: ['x'] }, { mood: 'bad', tags: ['x', 'y'] }];

const NOT_YOURS = new Problem({ status: 409, code: 'conflict', detail: 'This item is not yours to review.' });

beforeAll(() => loadKinds(SCHEMA.questions));

function lease(item: string, id: string, said = SAID): Lease {
  return {
    id, item_id: item, external_id: item, leased_until: 0, payload: { text: 'Fine.' }, schema_version: 1, guideline_version: 1, policy_version: 1,
    why: { text: '', n_answers: 2, confidence: null }, suggestions: [], rework: null, n_open_threads: 0,
    answers: said.map((answers, i) => ({ key: `key-${String(i)}`, label: 'AB'[i] ?? '', answers, schema_version: 1, annotator: null })),
  };
}

/** Offers some leases the first time, and then nothing. */
function once(...leases: Lease[]): () => Lease[] {
  return () => leases.splice(0);
}

async function started(purpose: Look, offered: () => Lease[], begun = new Map<string, DecisionDraft>()) {
  const sent: NewReview[] = [];
  const discarded: string[] = [];
  let fails = false;
  let n = 0;
  const activeMs = 5;
  const restarts: number[] = [];
  const queue = new Queue({
    lease: async (_n, item) => {
      await Promise.resolve();
      const leases = offered().filter((one) => item === undefined || one.item_id === item);
      if (item !== undefined && leases.length === 0) throw NOT_YOURS;
      return { leases, empty: { text: 'Nothing.', counts: {} } } satisfies Leases;
    },
    heartbeat: () => Promise.resolve(),
    giveBack: () => Promise.resolve(),
    onTheWay: () => Promise.resolve(new Set<string>()),
    leaseMinutes: 15,
    every: () => () => undefined,
  });
  const reviewing = new Reviewing({
    purpose,
    project: { slug: 'p', schema: SCHEMA } as ProjectFull,
    queue,
    keep: (review) => {
      sent.push(review);
      return fails ? Promise.reject(new Unreachable()) : Promise.resolve();
    },
    discard: (id) => Promise.resolve(discarded.push(id)),
    drafts: {
      put: (draft) => Promise.resolve(begun.set(draft.request.item_id, draft)),
      find: (item) => Promise.resolve(begun.get(item) ?? null),
      drop: (item) => Promise.resolve(begun.delete(item)),
    },
    every: () => () => undefined,
    newId: () => `id-${String((n += 1))}`,
    activeMs: () => activeMs,
    restart: (ms) => (restarts.push(ms)),
  });
  await reviewing.start();
  await Promise.resolve();
  return { reviewing, sent, discarded, begun, restarts, fail: (does: boolean) => (fails = does) };
}

test('a region of which two answers say different things is merged once', () => {
  const one = { start_ms: 0, end_ms: 9, label: 'a', text: 'Good morning', attributes: { mood: 'good' } };
  const other = { ...one, text: 'Good evening' };
  const elsewhere = { ...one, start_ms: 1 };
  expect(union([[one], [other, elsewhere]])).toEqual([one, elsewhere]);
  expect(intersection([[one], [other]])).toEqual([]);
});

test('parts that not all answers have are told with who has them, and go into an answer and out of it', () => {
  const [a, b, c] = [{ start: 0, end: 2, label: 'x' }, { start: 3, end: 4, label: 'x' }, { start: 0, end: 2, label: 'y' }];
  const said = { ...b, attributes: { sure: 2 } };
  expect(disputed([[a, b], [b, a, c], [a, said]])).toEqual([{ part: b, had: [0, 1] }, { part: c, had: [1] }, { part: said, had: [2] }]);
  expect(disputed([[a], undefined])).toEqual([{ part: a, had: [0] }]);
  expect(toggled([a], c)).toEqual([a, c]);
  expect(toggled([a, c], { label: 'x', end: 2, start: 0 })).toEqual([c]);
  // An answer holds one region of a place and label: what is said about it is the last one's.
  expect(toggled([a, b], said)).toEqual([a, said]);
  expect([hasPart([a, b], said), hasPart([a, said], said)]).toEqual([false, true]);
});

test('an open answer that is put together part by part begins with what all have', async () => {
  const { reviewing } = await started('adjudicate', once(lease('i1', 'l1', [{ mood: 'good', tags: ['x'] }, { mood: 'good', tags: ['x', 'y'] }])));
  const tags = SCHEMA.questions[1]!;
  expect(reviewing.disputed(tags)).toEqual([{ part: 'y', had: [1] }]);
  reviewing.toggle(tags, 'y');
  expect(reviewing.work?.answers['tags']).toEqual(['x', 'y']);
  reviewing.toggle(tags, 'y');
  expect(reviewing.work?.answers['tags']).toEqual(['x']);
  reviewing.work?.undo();
  reviewing.work?.undo();
  expect(reviewing.work?.answers).toEqual({ mood: 'good' });
});

test('parts are merged whatever the order of their keys', () => {
  const a = [{ start: 0, end: 2 }, { start: 3, end: 4 }];
  const b = [{ end: 2, start: 0 }];
  expect(union([a, b])).toEqual(a);
  expect(intersection([a, b])).toEqual([a[0]]);
  expect(union([undefined, null])).toEqual([]);
  expect(isSame({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
  expect(SCHEMA.questions.map(canMerge)).toEqual([false, true]);
});

test('a review accepts what is looked at, and a fix sends the answers that were changed', async () => {
  const { reviewing, sent } = await started('review', once(lease('i1', 'l1'), lease('i2', 'l2')));
  reviewing.select(1);
  expect(reviewing.work?.answers).toEqual(SAID[1]);
  expect(await reviewing.accept()).toBe(true);
  expect(sent[0]).toMatchObject({ decision: 'accepted', annotation: 'key-1', answers: {}, item_id: 'i1', active_ms: 5 });
  reviewing.edit();
  reviewing.work?.answer('mood', 'bad');
  reviewing.comment = ' typo ';
  expect(await reviewing.settle()).toBe(true);
  expect(sent[1]).toMatchObject({ decision: 'fixed', annotation: 'key-0', answers: { mood: 'bad', tags: ['x'] }, comment: 'typo', taken: {} });
  expect(reviewing.lease).toBeNull();
  expect(reviewing.nDone).toBe(2);
});

test('a fix that was begun is gone on with after the page was left, and can be undone to the answers as they were', async () => {
  const { reviewing, begun } = await started('review', once(lease('i1', 'l1')));
  reviewing.select(1);
  reviewing.edit();
  reviewing.work?.answer('mood', 'good');
  await reviewing.keepDraft();
  expect(begun.get('i1')).toMatchObject({ mode: 'edit', request: { decision: 'fixed', annotation: 'key-1', answers: { mood: 'good', tags: ['x', 'y'] } } });
  const again = await started('review', once(lease('i1', 'l2')), begun);
  expect(again.reviewing.mode).toBe('edit');
  expect(again.reviewing.selected).toBe(1);
  expect(again.reviewing.work?.answers).toEqual({ mood: 'good', tags: ['x', 'y'] });
  expect(again.restarts).toEqual([0, 5]);
  again.reviewing.work?.undo();
  expect(again.reviewing.work?.answers).toEqual(SAID[1]);
  await again.reviewing.keepDraft();
  expect(begun.size).toBe(0);
});

test('what was begun about answers that were changed meanwhile is not put over the new ones', async () => {
  const { reviewing, begun } = await started('review', once(lease('i1', 'l1')));
  reviewing.edit();
  reviewing.work?.answer('mood', 'bad');
  await reviewing.keepDraft();
  const changed = lease('i1', 'l2');
  const again = await started('review', once({ ...changed, answers: (changed.answers ?? []).map((one) => ({ ...one, key: `new-${one.key}` })) }), begun);
  expect(again.reviewing.mode).toBe('look');
  expect(again.reviewing.work?.answers).toEqual(SAID[0]);
});

test('a reason to return and what an adjudicator has put together are kept too', async () => {
  const { reviewing, begun } = await started('review', once(lease('i1', 'l1')));
  reviewing.askWhy();
  reviewing.comment = 'Read the end.';
  await reviewing.keepDraft();
  const again = await started('review', once(lease('i1', 'l2')), begun);
  expect([again.reviewing.mode, again.reviewing.comment]).toEqual(['return', 'Read the end.']);
  expect(await again.reviewing.giveBack(again.reviewing.comment)).toBe(true);

  const desk = await started('adjudicate', once(lease('i2', 'l3')));
  desk.reviewing.take(SCHEMA.questions[0]!, 1);
  await desk.reviewing.keepDraft();
  const later = await started('adjudicate', once(lease('i2', 'l4')), desk.begun);
  expect(later.reviewing.mode).toBe('look');
  expect(later.reviewing.work?.answers).toEqual({ mood: 'bad' });
});

test('a fix that was left by looking again is gone on with, of the same answers only', async () => {
  const { reviewing, begun } = await started('review', once(lease('i1', 'l1')));
  reviewing.edit();
  reviewing.work?.answer('mood', 'bad');
  reviewing.look();
  expect(reviewing.hasLeft('edit')).toBe(true);
  await reviewing.keepDraft();
  expect(begun.has('i1')).toBe(true);
  reviewing.select(1);
  expect(reviewing.hasLeft('edit')).toBe(false);
  reviewing.select(0);
  reviewing.edit();
  expect(reviewing.work?.answers).toEqual({ mood: 'bad', tags: ['x'] });
  reviewing.work?.undo();
  expect(reviewing.work?.answers).toEqual(SAID[0]);
  reviewing.look();
  expect([reviewing.hasLeft('edit'), reviewing.isDrafted]).toEqual([false, null]);
  await reviewing.keepDraft();
  expect(begun.size).toBe(0);
});

test('leaving the editor without a decision shows the answers as they were', async () => {
  const { reviewing } = await started('review', once(lease('i1', 'l1')));
  reviewing.edit();
  reviewing.work?.answer('mood', 'bad');
  reviewing.look();
  expect(reviewing.work?.answers).toEqual(SAID[0]);
});

test('an adjudicator starts with what all agree on, and says from whom each value was taken', async () => {
  const { reviewing, sent } = await started('adjudicate', once(lease('i1', 'l1', [{ mood: 'good', tags: ['x'] }, { mood: 'good', tags: ['x', 'y'] }])));
  expect(reviewing.work?.answers).toEqual({ mood: 'good' });
  const tags = SCHEMA.questions[1]!;
  reviewing.merge(tags, 'intersection');
  expect(reviewing.isTaken(tags, 0)).toBe(true);
  reviewing.merge(tags, 'union');
  expect(reviewing.isTaken(tags, 1)).toBe(true);
  expect(await reviewing.settle()).toBe(true);
  expect(sent[0]).toMatchObject({ decision: 'adjudicated', annotation: null, answers: { mood: 'good', tags: ['x', 'y'] }, taken: { mood: 'key-0', tags: 'key-1' } });
});

test('nothing is settled while a required question is open', async () => {
  const { reviewing, sent } = await started('adjudicate', once(lease('i1', 'l1')));
  expect(await reviewing.settle()).toBe(false);
  expect(sent).toEqual([]);
});

test('a decision that could not be kept is kept later under its id, and another one under a new id', async () => {
  const { reviewing, sent, fail } = await started('review', once(lease('i1', 'l1')));
  fail(true);
  expect(await reviewing.accept()).toBe(false);
  expect(reviewing.trouble).toBeInstanceOf(Unreachable);
  expect(reviewing.lease?.id).toBe('l1');
  expect(await reviewing.accept()).toBe(false);
  expect(await reviewing.giveBack('No.')).toBe(false);
  fail(false);
  expect(await reviewing.accept()).toBe(true);
  expect(sent[0]?.id).toBe(sent[1]?.id);
  expect(new Set(sent.map(({ id }) => id)).size).toBe(3);
});

test('an item that came back after its review is looked at again, the same lease is not', async () => {
  let held = lease('i1', 'l1');
  const { reviewing } = await started('review', () => [held]);
  expect(await reviewing.giveBack('Again.')).toBe(true);
  expect(reviewing.lease).toBeNull();
  held = lease('i1', 'l2');
  await reviewing.refill();
  expect(reviewing.lease?.id).toBe('l2');
});

describe('a decision that the server refused', () => {
  const reason = { code: 'answer-does-not-fit', detail: 'No such option.', hint: '' };
  const refused = (request: NewReview): RefusedDecision => ({ vault: 'v', project: 'p', external_id: request.item_id, request, reason });

  test('is opened once what was begun about the open item is kept, which is gone on with afterwards', async () => {
    const held = [lease('i1', 'l1'), lease('i2', 'l2')];
    const { reviewing, sent, begun } = await started('review', () => held);
    expect(await reviewing.giveBack('Again.')).toBe(true);
    reviewing.edit();
    reviewing.work?.answer('mood', 'bad');
    reviewing.look();
    await reviewing.again(refused(sent[0]!));
    expect([reviewing.lease?.item_id, begun.has('i2')]).toEqual(['i1', true]);
    expect(await reviewing.giveBack('Once more.')).toBe(true);
    await Promise.resolve();
    expect([reviewing.lease?.item_id, reviewing.mode, reviewing.work?.answers]).toEqual(['i2', 'edit', { mood: 'bad', tags: ['x'] }]);
  });

  test('is opened as it was decided, before what is open now, and let go once its successor is kept', async () => {
    const held = [lease('i1', 'l1'), lease('i2', 'l2')];
    const { reviewing, sent, discarded, fail } = await started('review', () => held);
    reviewing.select(1);
    reviewing.edit();
    reviewing.work?.answer('tags', ['y']);
    expect(await reviewing.settle()).toBe(true);
    expect(reviewing.lease?.item_id).toBe('i2');
    await reviewing.again(refused(sent[0]!));
    expect([reviewing.lease?.item_id, reviewing.selected, reviewing.mode]).toEqual(['i1', 1, 'edit']);
    expect(reviewing.work?.answers).toEqual({ mood: 'bad', tags: ['y'] });
    reviewing.work?.answer('tags', ['x']);
    fail(true);
    expect(await reviewing.settle()).toBe(false);
    expect(discarded).toEqual([]);
    fail(false);
    expect(await reviewing.settle()).toBe(true);
    expect(sent.at(-1)).toMatchObject({ item_id: 'i1', decision: 'fixed', annotation: 'key-1', answers: { mood: 'bad', tags: ['x'] } });
    expect(discarded).toEqual([sent[0]!.id]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2);
    expect(reviewing.lease?.item_id).toBe('i2');
    expect(await reviewing.accept()).toBe(true);
    expect(discarded).toHaveLength(1);
  });

  test('to give answers back is opened with the comment', async () => {
    const held = [lease('i1', 'l1')];
    const { reviewing, sent } = await started('review', () => held);
    await reviewing.giveBack('Look once more.');
    await reviewing.again(refused(sent[0]!));
    expect([reviewing.mode, reviewing.comment]).toEqual(['return', 'Look once more.']);
  });

  test('about an item that is no longer theirs says why and leaves what is open as it is', async () => {
    const { reviewing, sent, discarded } = await started('review', once(lease('i1', 'l1'), lease('i2', 'l2')));
    await reviewing.accept();
    await reviewing.again(refused(sent[0]!));
    expect([reviewing.lease?.item_id, reviewing.trouble, discarded]).toEqual(['i2', NOT_YOURS, []]);
  });
});
