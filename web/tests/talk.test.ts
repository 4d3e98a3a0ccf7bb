/** Comments at the labelling screen: what is counted, what is kept until it has arrived, what they are about. */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Question, Schema } from '../src/api';
import { anchorName, chooseAnchor, chosenAnchor } from '../src/questions/anchors';
import { loadKinds } from '../src/questions/registry';
import { regionsOf, type Region } from '../src/questions/regions.svelte';
import { spanEditor } from '../src/questions/span-state';
import { CommentDrafts, type Draft, type Notes } from '../src/state/comment-drafts.svelte';
import { draftsOf, Talk } from '../src/state/talk.svelte';
import { Work, type Subject } from '../src/state/work.svelte';

const SPANS = { type: 'spans', name: 'names', label: 'Who?', required: false, field: 'text', labels: [{ value: 'person', label: 'Person' }] } as const satisfies Question;
const MASKS = { type: 'masks', name: 'parts', label: 'Where?', required: false, field: 'photo', labels: [{ value: 'leaf', label: 'Leaf' }] } as const satisfies Question;
const SCHEMA: Schema = { fields: [{ name: 'text', type: 'text' }, { name: 'photo', type: 'image' }], questions: [SPANS, MASKS] };
const SUBJECT: Subject = {
  item_id: 'i1', external_id: 'r1', lease_id: 'l1', payload: { text: 'Ada met Bob.', photo: {} }, why: '', purpose: 'label', supersedes: null,
  schema_version: 1, guideline_version: 1, policy_version: 1,
};
const ADA = { start: 0, end: 3, label: 'person' };
const PLACE = { item: 'i1', name: 'r1', thread: null };

/** What lies on the device. */
class Device implements Notes {
  readonly kept = new Map<string, Draft>();

  list = (): Promise<Draft[]> => Promise.resolve([...this.kept.values()]);

  put = (draft: Draft): Promise<void> => {
    const place = `${draft.item} ${draft.thread ?? ''}`;
    if (draft.text === '') this.kept.delete(place);
    else this.kept.set(place, draft);
    return Promise.resolve();
  };
}

beforeAll(() => loadKinds(SCHEMA.questions));

describe('what is not sent yet', () => {
  test('goes out under the same id until it has arrived, and other words under another one', () => {
    const drafts = new CommentDrafts();
    drafts.write(PLACE, 'Which?');
    const id = drafts.idOf(PLACE, 'Which?');
    expect(drafts.idOf(PLACE, 'Which?')).toBe(id);
    expect(drafts.idOf(PLACE, 'Which one?')).not.toBe(id);
    drafts.sent(PLACE);
    expect([drafts.at(PLACE), drafts.hasAny]).toEqual([undefined, false]);
    expect(drafts.idOf(PLACE, 'Which one?')).not.toBe(id);
  });

  test('is on the device half a second later, and found again by the next page under the id that it was tried with', async () => {
    vi.useFakeTimers();
    const device = new Device();
    const drafts = new CommentDrafts(device);
    drafts.write(PLACE, 'Whi');
    drafts.write(PLACE, 'Which?');
    await vi.advanceTimersByTimeAsync(400);
    expect(device.kept.size).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    expect([...device.kept.values()].map(({ text }) => text)).toEqual(['Which?']);
    const id = drafts.idOf(PLACE, 'Which?');
    await vi.runAllTimersAsync();
    const next = new CommentDrafts(device);
    await next.restore();
    expect([next.at(PLACE)?.text, next.idOf(PLACE, 'Which?')]).toEqual(['Which?', id]);
    next.sent(PLACE);
    await vi.runAllTimersAsync();
    expect(device.kept.size).toBe(0);
    vi.useRealTimers();
  });

  test('and written before the device was read is newer than what lies there', async () => {
    const device = new Device();
    await device.put({ ...PLACE, text: 'Old', anchor: null });
    const drafts = new CommentDrafts(device);
    const restored = drafts.restore();
    drafts.write(PLACE, 'New');
    await restored;
    expect(drafts.at(PLACE)?.text).toBe('New');
  });

  test('stays on the page where the device keeps nothing', async () => {
    const drafts = new CommentDrafts({ list: () => Promise.reject(new Error('closed')), put: () => Promise.reject(new Error('full')) });
    await drafts.restore();
    drafts.write(PLACE, 'Which?');
    expect([drafts.idOf(PLACE, 'Which?') === drafts.idOf(PLACE, 'Which?'), drafts.hasAny]).toEqual([true, true]);
  });

  test('is found again on other items, and nothing is when only white space stands there', () => {
    const drafts = new CommentDrafts();
    drafts.write(PLACE, 'Which?', { question: 'names', region: ADA });
    drafts.write({ ...PLACE, item: 'i2', thread: 't' }, '  ');
    expect(drafts.elsewhere('i1')).toEqual([]);
    expect(drafts.elsewhere('i2')).toEqual([{ ...PLACE, text: 'Which?', anchor: { question: 'names', region: ADA } }]);
    drafts.write(PLACE, '');
    expect(drafts.hasAny).toBe(false);
  });

  test('waits for who wrote it, and for nobody else', () => {
    draftsOf('ada', 'acme', 'p').write(PLACE, 'Mine');
    expect(draftsOf('ada', 'acme', 'p').at(PLACE)?.text).toBe('Mine');
    expect(draftsOf('bob', 'acme', 'p').hasAny).toBe(false);
  });
});

describe('the count', () => {
  test('is what the lease says until the comments themselves are here', () => {
    const talk = new Talk(new CommentDrafts(), () => Promise.resolve([]));
    expect(talk.nOpen({ item_id: 'i1', n_open_threads: 2 })).toBe(2);
    talk.note('i1', [{ state: 'open' }, { state: 'resolved' }]);
    expect(talk.nOpen({ item_id: 'i1', n_open_threads: 2 })).toBe(1);
  });

  test('is asked for once where no lease has counted, and again after a failure', async () => {
    const load = vi.fn(() => Promise.resolve([{ state: 'open' as const }]));
    load.mockRejectedValueOnce(new Error('no network'));
    const talk = new Talk(new CommentDrafts(), load);
    await talk.look('i1');
    expect(talk.nOpen({ item_id: 'i1' })).toBeNull();
    await Promise.all([talk.look('i1'), talk.look('i1')]);
    expect([talk.nOpen({ item_id: 'i1' }), load.mock.calls.length]).toEqual([1, 2]);
  });
});

describe('what a comment is about', () => {
  test('is the span that is chosen, named by its words, and chosen again from there', () => {
    const work = new Work(SUBJECT, SCHEMA, 'a');
    expect(chosenAnchor(work)).toBeNull();
    const editor = spanEditor(work, SPANS);
    editor.select(0, 3);
    editor.mark('person');
    const anchor = chosenAnchor(work);
    expect(anchor).toEqual({ question: 'names', region: ADA });
    if (anchor === null) return;
    expect(anchorName(anchor, SCHEMA.questions, SUBJECT.payload)).toBe('Who? · Person “Ada”');
    editor.change(ADA, { ...ADA, hash: 'ab', attributes: { kind: 'first' } });
    editor.chosen = null;
    expect([chooseAnchor(work, anchor), editor.chosen]).toMatchObject([true, ADA]);
    work.answer('names', []);
    expect(chooseAnchor(work, anchor)).toBe(false);
  });

  test('is a region without what is too long to be named, and is still found', () => {
    const work = new Work(SUBJECT, SCHEMA, 'a');
    work.activate(MASKS);
    const regions = regionsOf<Region & { size: number[]; counts: number[] }>(work, MASKS);
    regions.add({ label: 'leaf', size: [9, 9], counts: [81] });
    regions.add({ label: 'leaf', size: [9, 9], counts: Array.from({ length: 2_000 }, (_one, i) => i) });
    const anchor = chosenAnchor(work);
    expect(anchor).toEqual({ question: 'parts', region: { label: 'leaf', size: [9, 9], counts: Array.from({ length: 100 }, (_one, i) => i) } });
    regions.choose(-1);
    expect(chosenAnchor(work)).toBeNull();
    expect(anchor !== null && chooseAnchor(work, anchor) && regions.chosen).toBe(1);
  });

  test('is the question where no region is meant, or one that is no longer asked', () => {
    expect(anchorName({ question: 'names', region: null }, SCHEMA.questions, {})).toBe('Who?');
    expect(anchorName({ question: 'gone' }, SCHEMA.questions, {})).toBe('gone');
  });
});
