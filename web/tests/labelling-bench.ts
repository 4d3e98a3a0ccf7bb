/** What the tests of the labelling screen share: a project, a server that leases as the real one does, and a bench at it. */
import { beforeAll, beforeEach } from 'vitest';
import { Unreachable, type AnnotationRequest, type Lease, type MyAnnotation, type ProjectFull, type Schema } from '../src/api';
import { newId } from '../src/lib/ids';
import { ActiveTimer } from '../src/state/active-timer';
import { Labelling } from '../src/state/labelling.svelte';
import { loadKinds } from '../src/questions/registry';
import { OutboxStore } from '../src/state/outbox-store';
import { Outbox } from '../src/state/outbox.svelte';
import { Queue } from '../src/state/queue.svelte';

export const SCHEMA: Schema = {
  fields: [{ name: 'text', type: 'text' }],
  questions: [
    { type: 'choice', name: 'mood', label: 'Mood?', required: true, options: [{ value: 'good', label: 'Good' }, { value: 'bad', label: 'Bad' }] },
    { type: 'spans', name: 'names', label: 'Who?', required: false, field: 'text', labels: [{ value: 'person', label: 'Person' }] },
  ],
};

beforeAll(() => loadKinds(SCHEMA.questions));

const PROJECT: ProjectFull = {
  id: 'p', slug: 'p', name: 'P', state: 'active', created_at: 0, schema_version: 1, guideline_version: 1, policy_version: 1, is_paused: false,
  schema: SCHEMA, guideline: '',
  policy: { overlap: 1, order: 'need', only_uncertain: false, target_confidence: 0.95, assistant: false, max_overlap: null, answer_price_micros: 0, currency: 'EUR', lease_minutes: 15,
    review: 'none', review_share: 0.1, review_after: null, review_by: 'reviewers', review_shows_names: false, review_rounds: 3, adjudicate_share: 0,
    gold_share: 0, gold_exposures: 100, gold_per_annotator: null, gold_feedback: false, suggestions: 'none', unaided_share: 0.2 },
};

export const lease = (i: number): Lease => ({
  id: `lease-${String(i)}`, item_id: `item-${String(i)}`, external_id: `row-${String(i)}`, leased_until: 0, payload: { text: `Text ${String(i)}` },
  schema_version: 1, guideline_version: 1, policy_version: 1, why: { text: 'Nobody has answered it yet.', n_answers: 0, confidence: null }, suggestions: [], n_open_threads: 0,
});

/** A project of `n` items on a server that leases as the real one does: what is held comes first and counts. */
export class Server {
  held: number[] = [];
  stored: AnnotationRequest[] = [];
  isOffline = false;
  beats: string[] = [];
  givenBack: string[] = [];
  suggestions: Lease['suggestions'] = [];
  asked: number[] = [];
  readonly #n: number;

  constructor(n: number) {
    this.#n = n;
  }

  /** The newest version of the schema; every version asks its own question about the mood. */
  version = 1;

  schema(version: number): Promise<Schema> {
    if (this.isOffline) return Promise.reject(new Unreachable());
    return Promise.resolve({ ...SCHEMA, questions: SCHEMA.questions.map((question) => ({ ...question, label: `${question.label} (${String(version)})` })) });
  }

  lease(n: number) {
    if (this.isOffline) return Promise.reject(new Unreachable());
    this.asked.push(n);
    const answered = new Set(this.stored.map(({ item_id }) => item_id));
    this.held = this.held.filter((i) => !answered.has(`item-${String(i)}`));
    for (let i = 0; i < this.#n && this.held.length < n; i += 1) {
      if (!answered.has(`item-${String(i)}`) && !this.held.includes(i)) this.held.push(i);
    }
    const empty = this.held.length === 0 ? { text: 'All answered.', counts: { n_items: this.#n } } : null;
    return Promise.resolve({ leases: this.held.slice(0, n).map((i) => ({ ...lease(i), schema_version: this.version, suggestions: this.suggestions })), empty });
  }

  send(request: AnnotationRequest) {
    if (this.isOffline) return Promise.reject(new Unreachable());
    this.stored.push(request);
    return Promise.resolve({
      annotation_id: request.id, item_id: request.item_id, content_sha256: 'ab'.repeat(32), leaf_seq: 1, leaf_hash: 'x', stored_at: 1,
      is_late: false, is_duplicate: false, log_origin: 'o', signature: 's', key_id: 'k',
    });
  }
}

let database: string;
/** The clock of the bench. */
export const time = { nowMs: 0 };
/** What the bench was asked to run again and again. */
export const timers: { run: () => void; ms: number }[] = [];

beforeEach(() => {
  database = `labelling-${String(Math.random())}`;
  time.nowMs = 0;
  timers.length = 0;
});

export interface Bench {
  labelling: Labelling;
  outbox: Outbox;
  server: Server;
}

export async function bench(nItems: number, server = new Server(nItems), mine: MyAnnotation[] = []): Promise<Bench> {
  const outbox = new Outbox({
    store: new OutboxStore(database),
    send: (_vault, _project, request) => server.send(request),
    decide: () => Promise.reject(new Unreachable()),
    fetchKey: () => Promise.resolve({ key: btoa('0123456789abcdef0123456789abcdef'), key_id: 'k' }),
    alone: (work) => work(),
    later: () => () => undefined,
    announce: () => undefined,
    random: () => 1,
  });
  await outbox.open('ada');
  const every = (run: () => void, ms: number) => {
    timers.push({ run, ms });
    return () => undefined;
  };
  const queue = new Queue({
    lease: (n) => server.lease(n),
    heartbeat: (id) => Promise.resolve(server.beats.push(id)),
    giveBack: (id) => Promise.resolve(server.givenBack.push(id)),
    every,
    onTheWay: () => outbox.itemsOnTheWay(),
    leaseMinutes: 15,
  });
  const labelling = new Labelling({
    vault: 'acme', purpose: 'label', project: PROJECT, queue, outbox, every, newId,
    timer: new ActiveTimer(),
    person: 'p',
    now: () => time.nowMs,
    loadProject: () => Promise.resolve(PROJECT),
    loadSchema: (version) => server.schema(version),
    loadItem: (id) => Promise.resolve({ ...lease(Number(id.slice(5))), id, title: '', position: 0, n_people: 1, n_models: 0, confidence: null, is_contested: false, updated_at: 0, consensus: [], annotations: [] }),
    loadMine: () => Promise.resolve({ rows: mine, next: null }),
  });
  await labelling.start();
  return { labelling, outbox, server };
}

export const answer = async ({ labelling, outbox }: Bench, value = 'good') => {
  labelling.work?.answer('mood', value);
  const isDone = await labelling.submit();
  await outbox.flush();
  return isDone;
};
