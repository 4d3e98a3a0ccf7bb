import { describe, expect, test, vi } from 'vitest';
import { Unreachable, type MyAnnotation } from '../src/api';
import { N_AHEAD } from '../src/state/queue.svelte';
import { Work } from '../src/state/work.svelte';
import { answer, bench, type Bench, lease, SCHEMA, Server, time, timers } from './labelling-bench';

describe('the queue', () => {
  test('holds the open item and eight more', async () => {
    const { labelling } = await bench(50);
    expect(labelling.work?.subject.item_id).toBe('item-0');
    expect(labelling.queue.ahead).toHaveLength(N_AHEAD);
  });

  test('shows the next item at once, without asking the server', async () => {
    const it = await bench(50);
    it.server.isOffline = true;
    it.labelling.work?.answer('mood', 'good');
    await it.labelling.submit();
    expect(it.labelling.work?.subject.item_id).toBe('item-1');
  });

  test('submits what is answered while the disk still works on the answer before', async () => {
    const { labelling, outbox, server } = await bench(50);
    labelling.work?.answer('mood', 'good');
    const first = labelling.submit();
    labelling.work?.answer('mood', 'bad');
    const [second, again] = [labelling.submit(), labelling.submit()];
    expect(await Promise.all([first, second, again])).toEqual([true, true, false]);
    await outbox.flush();
    expect(server.stored.map(({ item_id, answers }) => [item_id, answers['mood']])).toEqual([['item-0', 'good'], ['item-1', 'bad']]);
    expect(labelling.work?.subject.item_id).toBe('item-2');
  });

  test('refills before it runs dry, and never asks for more than ten', async () => {
    const it = await bench(50);
    for (let i = 0; i < 30; i += 1) await answer(it);
    expect(it.server.stored).toHaveLength(30);
    expect(new Set(it.server.stored.map(({ item_id }) => item_id)).size).toBe(30);
    expect(Math.max(...it.server.asked)).toBeLessThanOrEqual(10);
    expect(it.server.asked.length).toBeLessThan(20);
  });

  test('leaves whoever loses the network at any moment with five items after the open one', async () => {
    for (let nBefore = 0; nBefore < 12; nBefore += 1) {
      const it = await bench(50);
      for (let i = 0; i < nBefore; i += 1) await answer(it);
      it.server.isOffline = true;
      expect(it.labelling.queue.ahead.length).toBeGreaterThanOrEqual(5);
    }
  });

  test('at its end says why, and every item was answered once', async () => {
    const it = await bench(8);
    for (let i = 0; i < 8; i += 1) await answer(it);
    await it.labelling.refill();
    expect(it.labelling.work).toBeNull();
    expect(it.labelling.queue.empty?.text).toBe('All answered.');
    expect(it.server.stored.map(({ item_id }) => item_id)).toEqual(Array.from({ length: 8 }, (_none, i) => `item-${String(i)}`));
  });

  test('holds every lease by a sign of life three times in its time', async () => {
    const it = await bench(50);
    const beat = timers.find(({ ms }) => ms === 5 * 60_000);
    beat?.run();
    await it.outbox.flush();
    expect(new Set(it.server.beats)).toEqual(new Set(Array.from({ length: 1 + N_AHEAD }, (_none, i) => `lease-${String(i)}`)));
  });

  test('gives back what was not begun, and keeps what was', async () => {
    const it = await bench(50);
    it.labelling.work?.answer('mood', 'good');
    await it.labelling.stop();
    expect(it.server.givenBack).toEqual(Array.from({ length: N_AHEAD }, (_none, i) => `lease-${String(i + 1)}`));
  });

  test('an item whose answer is still on its way is not shown again', async () => {
    const first = await bench(50);
    first.server.isOffline = true;
    first.labelling.work?.answer('mood', 'good');
    await first.labelling.submit();
    await first.outbox.flush();
    const server = new Server(50);
    server.held = [0, 1];
    server.send = () => Promise.reject(new Unreachable());
    const second = await bench(50, server);
    expect(second.labelling.work?.subject.item_id).toBe('item-1');
  });
});

describe('answers', () => {
  test('an incomplete one is not sent', async () => {
    const it = await bench(3);
    expect(await it.labelling.submit()).toBe(false);
    expect(it.server.stored).toEqual([]);
  });

  test('carry their versions, their lease and the active time', async () => {
    const it = await bench(3);
    time.nowMs = 12_000;
    await answer(it);
    expect(it.server.stored[0]).toMatchObject({ lease_id: 'lease-0', active_ms: 12_000, schema_version: 1, purpose: 'label', outcome: 'answered', answers: { mood: 'good' } });
  });

  test('a skip has a reason and no answers', async () => {
    const it = await bench(3);
    it.labelling.work?.answer('mood', 'good');
    await it.labelling.skip('broken');
    await it.outbox.flush();
    expect(it.server.stored[0]).toMatchObject({ outcome: 'skipped', reason: 'broken', answers: {} });
  });

  test('can be undone and done again inside the item', () => {
    const work = new Work({ ...lease(0), lease_id: 'l', why: '', supersedes: null, purpose: 'label' }, SCHEMA, 'id');
    work.answer('mood', 'good');
    work.answer('mood', 'bad');
    work.undo();
    expect(work.answers).toEqual({ mood: 'good' });
    work.undo();
    work.undo();
    expect([work.answers, work.canUndo]).toEqual([{}, false]);
    work.redo();
    work.redo();
    expect(work.answers).toEqual({ mood: 'bad' });
    work.undo();
    work.answer('mood', 'bad');
    expect(work.canRedo).toBe(false);
  });

  test('what is undone or done again is at hand: its question is the active one', () => {
    const work = new Work({ ...lease(0), lease_id: 'l', why: '', supersedes: null, purpose: 'label' }, SCHEMA, 'id');
    work.answer('mood', 'good');
    work.goOn();
    work.answer('names', []);
    work.undo();
    expect(work.activeQuestion?.name).toBe('names');
    work.undo();
    expect(work.activeQuestion?.name).toBe('mood');
    work.redo();
    work.redo();
    expect(work.activeQuestion?.name).toBe('names');
  });

  test('nothing to mark is an answer; nothing said is none', () => {
    const work = new Work({ ...lease(0), lease_id: 'l', why: '', supersedes: null, purpose: 'label' }, SCHEMA, 'id');
    work.answer('mood', 'good');
    expect(work.request('answered', null).answers).toEqual({ mood: 'good' });
    work.answer('names', []);
    expect(work.request('answered', null).answers).toEqual({ mood: 'good', names: [] });
  });

  test('the active question goes to the first one without an answer', () => {
    const work = new Work({ ...lease(0), lease_id: 'l', why: '', supersedes: null, purpose: 'label' }, SCHEMA, 'id');
    expect(work.active).toBe(0);
    work.answer('mood', 'good');
    work.goOn();
    expect(work.active).toBe(1);
    work.nextQuestion();
    expect(work.active).toBe(0);
  });
});

describe('the word for where the answers are', () => {
  test('goes from typing over kept to saved', async () => {
    const it = await bench(5);
    expect(it.labelling.saveState).toBe('untouched');
    it.labelling.work?.answer('mood', 'good');
    expect(it.labelling.saveState).toBe('typing');
    await it.labelling.keepDraft();
    expect(it.labelling.saveState).toBe('kept');
    await it.labelling.submit();
    expect(it.labelling.saveState).toBe('kept');
    await it.outbox.flush();
    expect(it.labelling.saveState).toBe('saved');
  });

  test('is offline while nobody can be reached', async () => {
    const it = await bench(5);
    it.server.isOffline = true;
    await answer(it);
    expect([it.labelling.saveState, it.outbox.nWaiting]).toEqual(['offline', 1]);
  });

  test('nothing moves on when this device cannot keep the answer', async () => {
    const it = await bench(5);
    it.outbox.add = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    it.labelling.work?.answer('mood', 'good');
    expect(await it.labelling.submit()).toBe(false);
    expect(it.labelling.work?.answers).toEqual({ mood: 'good' });
    expect(it.labelling.trouble).toBeInstanceOf(DOMException);
  });

  test('what is submitted meanwhile stays where it is when the answer before could not be kept', async () => {
    const it = await bench(5);
    const add = it.outbox.add.bind(it.outbox);
    it.outbox.add = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
    it.labelling.work?.answer('mood', 'good');
    const first = it.labelling.submit();
    it.outbox.add = add;
    it.labelling.work?.answer('mood', 'bad');
    expect(await Promise.all([first, it.labelling.submit()])).toEqual([false, false]);
    await it.outbox.flush();
    expect(it.server.stored).toEqual([]);
    expect(it.labelling.work?.subject.item_id).toBe('item-0');
  });
});

test('a draft comes back after a reload, under the same id', async () => {
  const first = await bench(5);
  const id = first.labelling.work?.id;
  first.labelling.work?.answer('mood', 'bad');
  await first.labelling.keepDraft();
  const second = await bench(5);
  expect([second.labelling.work?.answers, second.labelling.work?.id]).toEqual([{ mood: 'bad' }, id]);
  expect(second.labelling.saveState).toBe('kept');
});

describe('going back', () => {
  test('opens the last answer, and a change supersedes it', async () => {
    const it = await bench(9);
    await answer(it, 'good');
    await it.labelling.previous();
    expect([it.labelling.isReopened, it.labelling.work?.answers, it.labelling.work?.subject.item_id]).toEqual([true, { mood: 'good' }, 'item-0']);
    await answer(it, 'bad');
    const [first, second] = it.server.stored;
    expect(second).toMatchObject({ supersedes: first?.id, lease_id: null, item_id: 'item-0', answers: { mood: 'bad' } });
    expect(it.labelling.work?.subject.item_id).toBe('item-1');
  });

  test('keeps the item that was open as it was', async () => {
    const it = await bench(9);
    await answer(it);
    it.labelling.work?.answer('names', [{ start: 0, end: 4, label: 'person' }]);
    const open = it.labelling.work;
    await it.labelling.previous();
    await it.labelling.next();
    expect(it.labelling.work).toBe(open);
  });

  test('twice goes further, a superseded answer counts once', async () => {
    const it = await bench(9);
    await answer(it, 'good');
    await answer(it, 'good');
    await it.labelling.previous();
    await answer(it, 'bad');
    await it.labelling.previous();
    expect(it.labelling.work?.answers).toEqual({ mood: 'bad' });
    await it.labelling.previous();
    expect(it.labelling.work?.subject.item_id).toBe('item-0');
  });

  test('reaches what was answered before this session', async () => {
    const mine = (id: string, item: number, supersedes: string | null): MyAnnotation => ({
      id, item_id: `item-${String(item)}`, annotator: { id: 'a', kind: 'person', name: 'Ada', version: null }, purpose: 'label', outcome: 'answered', reason: null,
      answers: { mood: 'good' }, created_at: 0, schema_version: 1, guideline_version: 1, policy_version: 1, supersedes, is_late: false, leaf_seq: 1, title: '',
    });
    const it = await bench(9, new Server(9), [mine('c', 7, 'a'), mine('b', 8, null), mine('a', 7, null)]);
    await it.labelling.previous();
    expect(it.labelling.work?.subject).toMatchObject({ item_id: 'item-7', supersedes: 'c' });
    await it.labelling.previous();
    expect(it.labelling.work?.subject).toMatchObject({ item_id: 'item-8', supersedes: 'b' });
    await it.labelling.previous();
    expect([it.labelling.hasPrevious, it.labelling.work?.subject.item_id]).toEqual([false, 'item-8']);
  });
});

describe('a schema that changed meanwhile', () => {
  const asks = ({ labelling }: Bench) => [labelling.work?.subject.schema_version, labelling.work?.schema.questions[0]?.label];

  test('is asked from the first item that is leased under it, and what is open stays as it was', async () => {
    const it = await bench(30);
    it.server.version = 2;
    for (let i = 0; i < N_AHEAD + 1; i += 1) {
      expect(asks(it)).toEqual([1, 'Mood?']);
      await answer(it);
    }
    expect(asks(it)).toEqual([2, 'Mood? (2)']);
    await answer(it, 'bad');
    expect(it.server.stored.map(({ schema_version }) => schema_version)).toEqual([...Array.from({ length: N_AHEAD + 1 }, () => 1), 2]);
    await it.labelling.previous();
    expect(asks(it)).toEqual([2, 'Mood? (2)']);
    await it.labelling.previous();
    expect(asks(it)).toEqual([1, 'Mood?']);
  });

  test('keeps the item back until its questions are here', async () => {
    const it = await bench(9);
    const [first] = it.labelling.queue.ahead;
    it.labelling.queue.ahead = [{ ...first!, schema_version: 5 }];
    it.server.isOffline = true;
    await answer(it);
    expect([it.labelling.work, it.labelling.queue.current?.item_id]).toEqual([null, first?.item_id]);
    it.server.isOffline = false;
    for (const { run } of timers) run();
    await vi.waitFor(() => expect(asks(it)).toEqual([5, 'Mood? (5)']));
  });

  test('leaves what was begun under the version that it was begun under', async () => {
    const it = await bench(9);
    it.labelling.work?.answer('mood', 'bad');
    await it.labelling.keepDraft();
    const server = new Server(9);
    server.version = 2;
    const again = await bench(9, server);
    expect([...asks(again), again.labelling.work?.answers]).toEqual([1, 'Mood?', { mood: 'bad' }]);
    await again.labelling.submit();
    await vi.waitFor(() => expect(server.stored[0]).toMatchObject({ schema_version: 1, answers: { mood: 'bad' } }));
    expect(asks(again)).toEqual([2, 'Mood? (2)']);
  });
});

describe('suggestions', () => {
  const source = { id: 'm', kind: 'model', name: 'old', version: '3' } as const;

  test('that were accepted are still so after the page was loaded anew', async () => {
    const server = new Server(2);
    server.suggestions = [{ source, answers: { mood: 'bad' } }];
    const { labelling } = await bench(2, server);
    const [question] = SCHEMA.questions;
    expect(labelling.work?.answers).toEqual({});
    if (question !== undefined) labelling.work?.accept(question, 'bad');
    await labelling.stop();

    const again = await bench(2, server);
    expect(again.labelling.work?.answers).toEqual({ mood: 'bad' });
    await again.labelling.submit();
    await again.outbox.flush();
    expect(server.stored.at(-1)?.assistance).toEqual({ shown: ['m'], accepted: ['mood'], changed: [] });
  });

  test('are not shown once more where an answer is opened again', async () => {
    const server = new Server(2);
    server.suggestions = [{ source, answers: { mood: 'bad' } }];
    const made = await bench(2, server);
    await answer(made, 'good');
    expect(server.stored.at(-1)?.assistance).toEqual({ shown: ['m'], accepted: [], changed: [] });
    await made.labelling.previous();
    expect(made.labelling.isReopened).toBe(true);
    expect(made.labelling.work?.suggestions.hasAny).toBe(false);
  });
});

describe('an item that is asked again because the questions changed', () => {
  const AGAIN = { schema_version: 1, question: 'mood', reason: 'mood: is required', answers: { names: [] }, before: { mood: 'fine', names: [] } };

  test('opens with what still fits, at the question that does not, and says why', async () => {
    const { labelling } = await bench(1, new (class extends Server {
      override async lease(n: number) {
        const found = await super.lease(n);
        return { ...found, leases: found.leases.map((one) => ({ ...one, asked_again: AGAIN })) };
      }
    })(1));
    expect(labelling.work?.answers).toEqual({ names: [] });
    expect(labelling.work?.activeQuestion?.name).toBe('mood');
    expect([labelling.work?.isComplete, labelling.work?.canUndo, labelling.work?.subject.supersedes]).toEqual([false, false, null]);
    expect(labelling.work?.subject.asked_again).toEqual(AGAIN);
    expect((await labelling.schemaOf(1)).questions).toHaveLength(2);
    labelling.work?.answer('mood', 'good');
    expect(await labelling.submit()).toBe(true);
    await labelling.previous();
    expect([labelling.work?.subject.asked_again, labelling.work?.subject.n_open_threads]).toEqual([null, undefined]);
  });
});
