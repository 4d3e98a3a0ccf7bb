import { beforeEach, describe, expect, test } from 'vitest';
import { Problem, Unreachable, type AnnotationRequest, type NewReview, type Receipt } from '../src/api';
import { OutboxCipher } from '../src/state/outbox-cipher';
import { OutboxStore } from '../src/state/outbox-store';
import { Outbox, confirms, type OutboxParts, type Waiting } from '../src/state/outbox.svelte';
import { newId } from '../src/lib/ids';

const KEY = { key: btoa('0123456789abcdef0123456789abcdef'), key_id: 'k1' };
const SECRET = 'the-secret-answer';

let n = 0;
let store: OutboxStore;

function waiting(item = `item-${String((n += 1))}`): Waiting {
  const request: AnnotationRequest = {
    id: newId(),
    item_id: item,
    lease_id: null,
    outcome: 'answered',
    reason: null,
    answers: { mood: SECRET },
    active_ms: 5,
    schema_version: 1,
    guideline_version: 1,
    policy_version: 1,
    supersedes: null,
    purpose: 'label',
  };
  return { vault: 'acme', project: 'p', external_id: item, request };
}

function receiptFor(request: Pick<AnnotationRequest, 'id' | 'item_id'>): Receipt {
  return {
    annotation_id: request.id,
    item_id: request.item_id,
    content_sha256: 'ab'.repeat(32),
    leaf_seq: 7,
    leaf_hash: 'cd'.repeat(32),
    stored_at: 1,
    is_late: false,
    is_duplicate: false,
    log_origin: 'goldsmith/x/acme',
    signature: 'c2ln',
    key_id: 'v',
  };
}

/** A server that answers as it is told, and remembers what it stored. */
class Server {
  stored: string[] = [];
  /** Each time that something was taken, also where it was stored before. */
  delivered: string[] = [];
  refuse: unknown = null;
  receipt = receiptFor;
  applies = true;
  key = KEY;
  later: { run: () => void; ms: number }[] = [];
  nTogether = 0;
  mostTogether = 0;

  parts(over: Partial<OutboxParts> = {}): OutboxParts {
    return {
      store,
      send: async (_vault, _project, request) => {
        this.nTogether += 1;
        this.mostTogether = Math.max(this.mostTogether, this.nTogether);
        await Promise.resolve();
        this.nTogether -= 1;
        if (this.refuse !== null) throw this.refuse as Error;
        this.delivered.push(request.id);
        if (!this.stored.includes(request.id)) this.stored.push(request.id);
        return this.receipt(request);
      },
      decide: async (_vault, _project, review) => {
        await Promise.resolve();
        if (this.refuse !== null) throw this.refuse as Error;
        this.delivered.push(review.id);
        if (!this.stored.includes(review.id)) this.stored.push(review.id);
        return { ...receiptFor(review), applies: this.applies };
      },
      fetchKey: () => Promise.resolve(this.key),
      alone: (work) => work(),
      later: (run, ms) => {
        this.later.push({ run, ms });
        return () => undefined;
      },
      announce: () => undefined,
      random: () => 1,
      ...over,
    };
  }
}

let server: Server;

async function opened(over: Partial<OutboxParts> = {}): Promise<Outbox> {
  const outbox = new Outbox(server.parts(over));
  await outbox.open('ada');
  return outbox;
}

async function raw(): Promise<string> {
  const rows = [...(await store.list('ada', 'annotation', 'waiting')), ...(await store.list('ada', 'draft', 'waiting'))];
  return rows.map((row) => JSON.stringify(row) + new TextDecoder('latin1').decode(row.body)).join('\n');
}

beforeEach(() => {
  n += 1;
  store = new OutboxStore(`outbox-test-${String(n)}-${String(Math.random())}`);
  server = new Server();
});

test('an answer is on the disk before it is sent, and gone once its receipt is here', async () => {
  const seen: number[] = [];
  const outbox = await opened({
    send: async (_vault, _project, request) => {
      seen.push((await store.list('ada', 'annotation', 'waiting')).length);
      return receiptFor(request);
    },
  });
  await outbox.add(waiting());
  await outbox.flush();
  expect(seen).toEqual([1]);
  expect(await store.list('ada', 'annotation', 'waiting')).toEqual([]);
  expect(outbox.nWaiting).toBe(0);
});

test('what lies on the disk cannot be read without the key', async () => {
  server.refuse = new Unreachable();
  const outbox = await opened();
  await outbox.add(waiting());
  await outbox.saveDraft(waiting());
  const lying = await raw();
  expect(lying).toContain('item-');
  expect(lying).not.toContain(SECRET);
});

test('offline it counts what is kept and tries again later and later', async () => {
  server.refuse = new Unreachable();
  const outbox = await opened();
  await outbox.add(waiting());
  await outbox.flush();
  await outbox.flush();
  expect([outbox.nWaiting, outbox.isOffline]).toEqual([1, true]);
  const waits = server.later.map(({ ms }) => ms);
  expect(waits.length).toBeGreaterThan(1);
  expect(waits.every((ms, i) => i === 0 || ms > (waits[i - 1] ?? 0))).toBe(true);
  server.refuse = null;
  server.later.at(-1)?.run();
  await outbox.flush();
  expect([outbox.nWaiting, outbox.isOffline, server.stored.length]).toEqual([0, false, 1]);
});

test('a page that was closed meanwhile loses nothing and doubles nothing', async () => {
  server.refuse = new Unreachable();
  const first = await opened();
  const sent = [waiting(), waiting(), waiting()];
  for (const one of sent) await first.add(one);
  first.close();
  server.refuse = null;
  const second = await opened();
  await second.flush();
  expect(server.stored).toEqual(sent.map(({ request }) => request.id));
  expect(second.nWaiting).toBe(0);
});

test('a receipt for something else leaves the answer where it is', async () => {
  server.receipt = (request) => ({ ...receiptFor(request), item_id: 'another' });
  const outbox = await opened();
  await outbox.add(waiting());
  await outbox.flush();
  expect(outbox.nWaiting).toBe(1);
  server.receipt = receiptFor;
  await outbox.flush();
  expect([outbox.nWaiting, server.stored.length]).toEqual([0, 1]);
});

test.each(['content_sha256', 'leaf_hash', 'signature'] as const)('a receipt without %s confirms nothing', (part) => {
  const { request } = waiting();
  expect(confirms(receiptFor(request), request)).toBe(true);
  expect(confirms({ ...receiptFor(request), [part]: '' }, request)).toBe(false);
});

test('a lost sign-in keeps everything and waits for the next one', async () => {
  server.refuse = new Problem({ status: 401, code: 'unauthenticated', detail: 'who?' });
  const outbox = await opened();
  await outbox.add(waiting());
  await outbox.flush();
  expect([outbox.nWaiting, outbox.isOffline, outbox.refused.length]).toEqual([1, false, 0]);
  server.refuse = null;
  await outbox.open('ada');
  expect(server.stored).toHaveLength(1);
});

describe('what the server refuses for good', () => {
  const refusal = new Problem({ status: 422, code: 'answer-does-not-fit', detail: 'no such option', hint: 'choose again' });

  beforeEach(() => {
    server.refuse = refusal;
  });

  test('stays, with the reason', async () => {
    const outbox = await opened();
    const one = waiting();
    await outbox.add(one);
    await outbox.flush();
    expect(outbox.nWaiting).toBe(0);
    expect(outbox.refused).toEqual([
      { ...one, reason: { code: 'answer-does-not-fit', detail: 'no such option', hint: 'choose again' } },
    ]);
  });

  test('does not hold up what comes after it', async () => {
    const outbox = await opened({
      send: (_vault, _project, request) =>
        request.item_id === 'bad' ? Promise.reject(refusal) : Promise.resolve(receiptFor(request)),
    });
    await outbox.add(waiting('bad'));
    await outbox.add(waiting('good'));
    await outbox.flush();
    expect([outbox.refused.length, outbox.nWaiting]).toEqual([1, 0]);
  });

  test('can be sent again', async () => {
    const outbox = await opened();
    const one = waiting();
    await outbox.add(one);
    await outbox.flush();
    server.refuse = null;
    await outbox.retry(one.request.id);
    expect([outbox.refused, server.stored]).toEqual([[], [one.request.id]]);
  });

  test('goes only when the person says so', async () => {
    const outbox = await opened();
    const one = waiting();
    await outbox.add(one);
    await outbox.flush();
    await outbox.discard(one.request.id);
    expect([outbox.refused, await store.countAll()]).toEqual([[], 0]);
  });
});

test('an answer sealed with another key is counted, kept, and holds nothing up', async () => {
  server.refuse = new Unreachable();
  const first = await opened();
  await first.add(waiting());
  first.close();
  server.key = { key: btoa('another-key-of-exactly-32-bytes!'), key_id: 'k2' };
  server.refuse = null;
  const second = await opened();
  const fresh = waiting();
  await second.add(fresh);
  await second.flush();
  expect([second.nUnreadable, server.stored, await store.countAll()]).toEqual([1, [fresh.request.id], 1]);
});

test('one person never reads or sends what another one left', async () => {
  server.refuse = new Unreachable();
  const ada = await opened();
  await ada.add(waiting());
  await ada.flush();
  ada.close();
  server.refuse = null;
  await ada.flush();
  const eve = new Outbox(server.parts());
  await eve.open('eve');
  expect([eve.nWaiting, server.stored]).toEqual([0, []]);
  expect(await store.countAll()).toBe(1);
});

test('a flush under way stops when somebody else signs in', async () => {
  let outbox: Outbox | null = null;
  const sent: string[] = [];
  outbox = await opened({
    send: (_vault, _project, request) => {
      sent.push(request.item_id);
      if (sent.length === 1) void outbox?.open('eve');
      return Promise.resolve(receiptFor(request));
    },
  });
  await Promise.all(['first', 'second'].map((item) => outbox.add(waiting(item))));
  await outbox.flush();
  expect(sent).toEqual(['first']);
});

test('answers are sent one after the other, however often a flush is asked for', async () => {
  const outbox = await opened();
  await Promise.all([waiting(), waiting(), waiting()].map((one) => outbox.add(one)));
  await Promise.all([outbox.flush(), outbox.flush(), outbox.flush()]);
  expect([server.mostTogether, server.stored.length]).toEqual([1, 3]);
});

test('a draft is kept, read back, and gone with its answer', async () => {
  const outbox = await opened();
  const draft = waiting();
  await outbox.saveDraft(draft);
  expect(await outbox.draft(draft.request.item_id)).toEqual(draft);
  await outbox.add(draft);
  expect(await outbox.draft(draft.request.item_id)).toBeNull();
});

test('an entry that was changed on the disk is not read', async () => {
  const outbox = await opened();
  const draft = waiting();
  await outbox.saveDraft(draft);
  const entry = await store.get(`draft:${draft.request.item_id}`);
  if (entry === undefined) throw new Error('no draft');
  new Uint8Array(entry.body)[3]! ^= 1;
  await store.put(entry);
  expect(await outbox.draft(draft.request.item_id)).toBeNull();
});

test('an entry opens only in its own place', async () => {
  const cipher = await OutboxCipher.of(KEY);
  const sealed = await cipher.seal({ a: 1 }, 'ada|acme|draft|1');
  expect(await cipher.open(sealed, 'ada|acme|draft|1')).toEqual({ a: 1 });
  await expect(cipher.open(sealed, 'eve|acme|draft|1')).rejects.toThrow();
});

test('a key of the wrong length is refused', async () => {
  await expect(OutboxCipher.of({ key: btoa('short'), key_id: 'k' })).rejects.toThrow(RangeError);
});

test('an answer made after the clock was set back by a day is sent after those that wait', async () => {
  server.refuse = new Unreachable();
  const tomorrow = waiting();
  const digits = (Date.now() + 86_400_000).toString(16).padStart(12, '0');
  tomorrow.request.id = `${digits.slice(0, 8)}-${digits.slice(8)}${newId().slice(13)}`;
  const first = await opened();
  await first.add(tomorrow);
  const outbox = await opened();
  const later = waiting();
  await outbox.add(later);
  server.refuse = null;
  await outbox.flush();
  expect(server.stored).toEqual([tomorrow.request.id, later.request.id]);
});

describe('a decision about answers of others', () => {
  const review = (item: string): NewReview => ({
    id: newId(), item_id: item, purpose: 'review', decision: 'fixed', annotation: 'key', answers: { mood: SECRET }, taken: {}, comment: '',
    lease_id: null, active_ms: 5, schema_version: 1, guideline_version: 1, policy_version: 1,
  });

  test('made offline is kept sealed, holds back its item, and is sent once under its id by the next page', async () => {
    server.refuse = new Unreachable();
    const first = await opened();
    await first.saveDraft(waiting('i1'));
    const request = review('i1');
    await first.add({ vault: 'acme', project: 'p', external_id: 'i1', request });
    await first.flush();
    expect([first.nWaiting, first.isOffline, await store.countAll()]).toEqual([1, true, 1]);
    expect([[...(await first.itemsOnTheWay('review'))], [...(await first.itemsOnTheWay())]]).toEqual([['i1'], []]);
    expect(new TextDecoder('latin1').decode((await store.get(request.id))?.body)).not.toContain(SECRET);
    expect(await first.draft('i1')).not.toBeNull();
    first.close();
    server.refuse = null;
    const second = await opened();
    await second.flush();
    expect([server.stored, second.nWaiting]).toEqual([[request.id], 0]);
  });

  test('made after the sign-in has ended waits for the next one', async () => {
    server.refuse = new Problem({ status: 401, detail: '', code: 'unauthenticated', hint: '' });
    const outbox = await opened();
    const request = review('i2');
    await outbox.add({ vault: 'acme', project: 'p', external_id: 'i2', request });
    await outbox.flush();
    expect([outbox.nWaiting, outbox.refused, server.stored]).toEqual([1, [], []]);
    server.refuse = null;
    await outbox.open('ada');
    expect([outbox.nWaiting, server.stored]).toEqual([0, [request.id]]);
  });

  test('that the server refuses stays with the reason', async () => {
    server.refuse = new Problem({ status: 422, detail: 'You answered it.', code: 'invalid', hint: '' });
    const outbox = await opened();
    const request = review('i3');
    await outbox.add({ vault: 'acme', project: 'p', external_id: 'i3', request });
    await outbox.flush();
    expect(outbox.refused.map((one) => [one.request.id, one.reason.detail])).toEqual([[request.id, 'You answered it.']]);
  });

  test('goes out among the answers in the order in which both were made, from one tab only', async () => {
    server.refuse = new Unreachable();
    let tail = Promise.resolve();
    const alone = (work: () => Promise<void>) => (tail = tail.then(work, work));
    const tabs = [await opened({ alone }), await opened({ alone })];
    const made: string[] = [];
    for (const [i, tab] of tabs.entries()) {
      const answer = waiting(`a${String(i)}`);
      const request = review(`d${String(i)}`);
      made.push(answer.request.id, request.id);
      await tab.add(answer);
      await tab.add({ vault: 'acme', project: 'p', external_id: 'd', request });
    }
    await Promise.all(tabs.map((tab) => tab.flush()));
    server.refuse = null;
    await Promise.all(tabs.map((tab) => tab.flush()));
    expect(server.delivered).toEqual(made);
  });

  test('that does not count is told of, to who decided it alone, until they have seen it', async () => {
    const outbox = await opened();
    const decided = { vault: 'acme', project: 'p', external_id: 'i5', request: review('i5') };
    server.applies = false;
    await outbox.add(decided);
    await outbox.flush();
    expect([outbox.nWaiting, outbox.overtaken.map(({ external_id }) => external_id)]).toEqual([0, ['i5']]);
    outbox.forget(decided.request.id);
    expect(outbox.overtaken).toEqual([]);
    await outbox.add({ ...decided, request: review('i6') });
    await outbox.flush();
    expect(outbox.overtaken).toHaveLength(1);
    await outbox.open('bob');
    expect(outbox.overtaken).toEqual([]);
  });

  test('stays until a receipt names it', async () => {
    const outbox = await opened({ decide: () => Promise.resolve({ ...receiptFor({ id: 'other', item_id: 'i4' }), applies: true }) });
    await outbox.add({ vault: 'acme', project: 'p', external_id: 'i4', request: review('i4') });
    await outbox.flush();
    expect(outbox.nWaiting).toBe(1);
  });
});

describe('on a device whose storage takes nothing', () => {
  const full = (): void => {
    store.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  };

  test('an answer goes straight to the server, after what was kept before', async () => {
    server.refuse = new Unreachable();
    const outbox = await opened();
    const [kept, direct] = [waiting(), waiting()];
    await outbox.add(kept);
    await outbox.flush();
    full();
    server.refuse = null;
    await outbox.add(direct);
    expect([server.stored, outbox.nWaiting]).toEqual([[kept.request.id, direct.request.id], 0]);
  });

  test('offline, or with a receipt for something else, the answer is not said to be kept', async () => {
    const outbox = await opened();
    full();
    server.refuse = new Unreachable();
    await expect(outbox.add(waiting())).rejects.toThrow(DOMException);
    await expect(outbox.saveDraft(waiting())).rejects.toThrow(DOMException);
    server.refuse = null;
    server.receipt = (request) => ({ ...receiptFor(request), annotation_id: 'another' });
    await expect(outbox.add(waiting())).rejects.toThrow(DOMException);
    expect(outbox.nWaiting).toBe(0);
  });

  test('what the server refuses is said as the server says it', async () => {
    const outbox = await opened();
    full();
    server.refuse = new Problem({ status: 422, code: 'answer-does-not-fit', detail: 'no such option', hint: '' });
    await expect(outbox.add(waiting())).rejects.toThrow('no such option');
  });

  test('somebody else may have signed in meanwhile: nothing goes out in their name', async () => {
    const outbox = await opened();
    full();
    const added = expect(outbox.add(waiting())).rejects.toThrow(DOMException);
    void outbox.open('eve');
    await added;
    expect(server.stored).toEqual([]);
  });
});

describe('what is written and not sent', () => {
  const note = { item: 'i1', name: 'r1', thread: null, text: SECRET, anchor: null };

  test('lies sealed on the device, for its writer and its project alone, until it is sent', async () => {
    const notes = (await opened()).notes('ada', 'acme', 'p');
    await notes.put({ ...note, text: 'first' });
    await notes.put(note);
    await notes.put({ ...note, thread: 't' });
    const outbox = await opened();
    expect(await outbox.notes('ada', 'acme', 'p').list()).toEqual([note, { ...note, thread: 't' }]);
    expect([await outbox.notes('ada', 'acme', 'q').list(), outbox.nWaiting, server.stored]).toEqual([[], 0, []]);
    const [entry] = await store.list('ada', 'note', 'waiting');
    expect(new TextDecoder('latin1').decode(entry?.body)).not.toContain(SECRET);
    await outbox.notes('ada', 'acme', 'p').put({ ...note, text: '' });
    expect((await outbox.notes('ada', 'acme', 'p').list()).map(({ thread }) => thread)).toEqual(['t']);
    const written = outbox.notes('ada', 'acme', 'p');
    await outbox.open('eve');
    await written.put(note);
    expect([await written.list(), await outbox.notes('eve', 'acme', 'p').list(), await store.list('eve', 'note', 'waiting')]).toEqual([[], [], []]);
  });
});
