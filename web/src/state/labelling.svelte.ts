/** The labelling screen: which item is open, what happens to its answers, where they are now. */
import {
  Problem,
  Unreachable,
  type AnnotationRequest,
  type ItemFull,
  type Lease,
  type MyAnnotation,
  type Page,
  type ProjectFull,
  type Purpose,
  type Schema,
} from '../api';
import type { ActiveTimer } from './active-timer';
import type { Outbox } from './outbox.svelte';
import type { Queue } from './queue.svelte';
import { NO_TIME, Work, subjectOf, type Spent, type Subject } from './work.svelte';

export type SaveState = 'untouched' | 'typing' | 'kept' | 'saved' | 'offline';

export interface LabellingParts {
  vault: string;
  purpose: Purpose;
  project: ProjectFull;
  loadProject: () => Promise<ProjectFull>;
  /** One version of the schema, with the components that its questions and fields need. */
  loadSchema: (version: number) => Promise<Schema>;
  /** Who answers; what stands where by chance is drawn from it. */
  person: string;
  queue: Queue;
  outbox: Outbox;
  timer: ActiveTimer;
  /** Milliseconds that never go back. */
  now: () => number;
  newId: () => string;
  every: (run: () => void, ms: number) => () => void;
  loadItem: (item: string) => Promise<ItemFull>;
  loadMine: (limit: number, cursor: string | null) => Promise<Page<MyAnnotation>>;
}

interface Done {
  subject: Subject;
  annotation: string;
  answers: Work['answers'];
}

const NOT_LEASED = { lease_id: null, suggestions: [], asked_again: null, n_open_threads: undefined } as const;

/** How things stood before an answer was submitted. */
interface Before {
  work: Work;
  spent: Spent;
  isReopened: boolean;
  lease: Lease | null;
}

export const DRAFT_EVERY_MS = 2_000;
/** The longest break that the server takes; nobody pauses over one item for longer than a day. */
const DAY_MS = 86_400_000;

export class Labelling {
  work = $state.raw<Work | null>(null);
  nDone = $state(0);
  isPaused = $state(false);
  /** Whether the open item was answered before and is being changed. */
  isReopened = $state(false);
  isOpening = $state(false);
  /** Whether the last answer is not on the disk yet. */
  isKeeping = $state(false);
  /** Why the last thing asked for did not happen, in words for the status line. */
  trouble = $state.raw<unknown>(null);
  hasPrevious = $state(true);
  project: ProjectFull;

  readonly #parts: LabellingParts;
  #done: Done[] = [];
  /** How far back from the newest annotation the open one is; 0 is the item from the queue. */
  #back = 0;
  #parked: { work: Work; spent: Spent } | null = null;
  /** How long the breaks from the open item took that are over, and when the one that goes on began. */
  #breaksMs = 0;
  #breakSince: number | null = null;
  #draftAnswers = $state.raw<Work['answers'] | null>(null);
  /** Settles when the answer that is on its way to the disk has arrived there, or could not. */
  #keeping: Promise<void> = Promise.resolve();
  #stopDrafts: () => void = () => undefined;
  /** Schemas by version: answers are given, shown and kept under the one that they were made under. */
  readonly #schemas = new Map<number, Schema>();
  readonly #loading = new Map<number, Promise<Schema>>();
  /** Whether the schema of the item that is next is on its way. */
  #isFetching = false;

  constructor(parts: LabellingParts) {
    this.#parts = parts;
    this.project = $state.raw(parts.project);
    this.#schemas.set(parts.project.schema_version, parts.project.schema);
  }

  get purpose(): Purpose {
    return this.#parts.purpose;
  }

  get queue(): Queue {
    return this.#parts.queue;
  }

  get saveState(): SaveState {
    const { outbox } = this.#parts;
    if (this.isKeeping || (this.work?.canUndo === true && this.work.answers !== this.#draftAnswers)) return 'typing';
    if (outbox.isOffline) return 'offline';
    if (outbox.nWaiting > 0 || this.work?.canUndo === true) return 'kept';
    return this.nDone > 0 ? 'saved' : 'untouched';
  }

  async start(): Promise<void> {
    const { queue, outbox, vault, every } = this.#parts;
    this.#stopDrafts = every(() => {
      void this.keepDraft();
      this.#lookAhead();
    }, DRAFT_EVERY_MS);
    await outbox.prepare(vault);
    await queue.start();
    await this.#openCurrent();
  }

  async stop(): Promise<void> {
    this.#stopDrafts();
    await this.#writeDraft().catch(() => undefined);
    this.#parts.queue.stop(this.work?.canUndo === true);
  }

  /** Looks for items again, after the queue was empty or could not be reached. */
  async refill(): Promise<void> {
    await this.#parts.queue.fill();
    if (this.work === null) await this.#openCurrent();
  }

  /** Keeps what is begun on this device, if it changed. */
  async keepDraft(): Promise<void> {
    if (this.work?.answers !== this.#draftAnswers) await this.#writeDraft();
  }

  async #writeDraft(): Promise<void> {
    const { work } = this;
    if (work === null || this.isReopened || !work.canUndo) return;
    const { answers } = work;
    try {
      await this.#parts.outbox.saveDraft(this.#waiting(work, 'answered', null));
      this.#draftAnswers = answers;
    } catch (error) {
      this.trouble = error;
    }
  }

  /** Sends the answers on their way and shows the next item; says whether it did. */
  submit(): Promise<boolean> {
    if (this.work?.isComplete !== true) return Promise.resolve(false);
    return this.#finish('answered', null);
  }

  skip(reason: string): Promise<boolean> {
    return this.#finish('skipped', reason);
  }

  pause(): void {
    if (this.isPaused || this.work === null) return;
    const now = this.#parts.now();
    this.isPaused = true;
    this.#breakSince = now;
    this.#parts.timer.pause(now);
  }

  resume(): void {
    if (!this.isPaused) return;
    this.#breaksMs = this.breakMs;
    this.#breakSince = null;
    this.isPaused = false;
    this.#parts.timer.resume(this.#parts.now());
    void this.#writeDraft();
  }

  /** How long the breaks from the open item took until now. */
  get breakMs(): number {
    const open = this.#breakSince === null ? 0 : this.#parts.now() - this.#breakSince;
    return Math.min(DAY_MS, this.#breaksMs + open);
  }

  get #spent(): Spent {
    return { activeMs: this.activeMs, breakMs: this.breakMs };
  }

  get activeMs(): number {
    return this.#parts.timer.elapsed(this.#parts.now());
  }

  /** One version of the schema, to show what was answered under it. */
  schemaOf(version: number): Promise<Schema> {
    return this.#schema(version);
  }

  /** Opens the annotation before the open one, to look at it or to supersede it. */
  async previous(): Promise<void> {
    if (this.isOpening || this.isKeeping) return;
    this.isOpening = true;
    try {
      const found = await this.#find(this.#back + 1);
      if (found === null) {
        this.hasPrevious = false;
        return;
      }
      // What was answered is shown, and changed, as it was asked then; what the lease said of it is out of date by now.
      const schema = await this.#schema(found.subject.schema_version);
      this.#park();
      this.#back += 1;
      this.#open(new Work({ ...found.subject, ...NOT_LEASED, supersedes: found.annotation }, schema, this.#parts.newId(), found.answers, this.#parts.person));
      this.isReopened = true;
      this.trouble = null;
    } catch (error) {
      this.trouble = error;
    } finally {
      this.isOpening = false;
    }
  }

  /** Leaves an annotation that was opened again as it was. */
  async next(): Promise<void> {
    if (!this.isReopened) return;
    this.#back = 0;
    this.hasPrevious = true;
    await this.#openCurrent();
  }

  async #finish(outcome: 'answered' | 'skipped', reason: string | null): Promise<boolean> {
    const { work } = this;
    // Whoever is faster than the disk waits for it; only the item that was meant is submitted then.
    while (this.isKeeping) await this.#keeping;
    if (work === null || this.work !== work || this.isPaused) return false;
    const before = { work, spent: this.#spent, isReopened: this.isReopened, lease: this.#parts.queue.current };
    this.isKeeping = true;
    this.trouble = null;
    const kept = this.#parts.outbox.add(this.#waiting(work, outcome, reason));
    this.#keeping = kept.then(() => undefined, () => undefined);
    // The next item is drawn while the disk still works; nothing further can be submitted before it is done.
    if (!before.isReopened) this.#parts.queue.advance();
    this.#back = 0;
    const opened = this.#openCurrent();
    try {
      await kept;
    } catch (error) {
      this.#takeBack(before, error);
      return false;
    } finally {
      this.isKeeping = false;
    }
    this.#done.push({ subject: work.subject, annotation: work.id, answers: outcome === 'answered' ? work.answers : {} });
    this.nDone += 1;
    this.hasPrevious = true;
    await opened;
    // Near the end of a queue nothing is leased ahead: the next item comes once this answer has arrived.
    if (this.#parts.queue.current === null) void this.refill();
    return true;
  }

  /** This device could not keep the answer: the item comes back as it was, with the reason. */
  #takeBack(before: Before, error: unknown): void {
    if (before.isReopened) this.#park();
    else if (before.lease !== null) this.#parts.queue.restore(before.lease);
    this.#open(before.work, before.spent);
    this.isReopened = before.isReopened;
    this.trouble = error;
  }

  #waiting(work: Work, outcome: 'answered' | 'skipped', reason: string | null) {
    const { vault } = this.#parts;
    const request = work.request(outcome, reason, this.#spent);
    return { vault, project: this.project.slug, external_id: work.subject.external_id, request };
  }

  async #openCurrent(): Promise<void> {
    const { queue, outbox, newId, purpose, person } = this.#parts;
    const parked = this.#parked;
    this.#parked = null;
    if (parked !== null && parked.work.subject.item_id === queue.current?.item_id) {
      this.isReopened = false;
      this.#open(parked.work, parked.spent);
      return;
    }
    const lease = queue.current;
    this.isReopened = false;
    if (lease === null) {
      this.work = null;
      return;
    }
    if (lease.schema_version > this.project.schema_version || lease.guideline_version > this.project.guideline_version) void this.#renew();
    const known = this.#schemas.get(lease.schema_version);
    const schema = known ?? (await this.#fetchFor(lease));
    if (schema === null || (known === undefined && this.#parts.queue.current !== lease)) return;
    this.#open(new Work(subjectOf(lease, purpose), schema, newId(), (lease.rework?.answers ?? lease.asked_again?.answers ?? {}) as Work['answers'], person));
    this.#lookAhead();
    const draft = await outbox.draft(lease.item_id).catch(() => null);
    if (draft !== null) await this.#restore(lease, draft.request);
  }

  /** What was begun before goes on under the versions that it was begun under. */
  async #restore(lease: Lease, { id, answers, assistance, active_ms, break_ms = 0, schema_version, guideline_version, policy_version }: AnnotationRequest): Promise<void> {
    const schema = this.#schemas.get(schema_version) ?? (await this.#schema(schema_version).catch(() => null));
    // Nobody may have begun to answer while the draft was read.
    if (schema === null || this.work?.subject.lease_id !== lease.id || this.work.canUndo) return;
    const subject = { ...subjectOf(lease, this.#parts.purpose), schema_version, guideline_version, policy_version };
    const restored = new Work(subject, schema, id, {}, this.#parts.person);
    for (const [name, answer] of Object.entries(answers)) restored.answer(name, answer);
    if (assistance) restored.recall(assistance);
    this.#open(restored, { activeMs: active_ms, breakMs: break_ms });
    restored.goOn();
    this.#draftAnswers = restored.answers;
  }

  /** The project as it is now: its guideline is shown beside the item. */
  async #renew(): Promise<void> {
    const project = await this.#parts.loadProject().catch(() => null);
    if (project !== null) this.project = project;
  }

  #schema(version: number): Promise<Schema> {
    const schema = this.#schemas.get(version);
    if (schema !== undefined) return Promise.resolve(schema);
    const loading = this.#loading.get(version) ?? this.#parts.loadSchema(version).finally(() => this.#loading.delete(version));
    this.#loading.set(version, loading);
    return loading.then((found) => {
      this.#schemas.set(version, found);
      return found;
    });
  }

  /** The schema of an item that is next; nothing is open until it is here, since no other one would do. */
  async #fetchFor(lease: Lease): Promise<Schema | null> {
    this.work = null;
    if (this.#isFetching) return null;
    this.#isFetching = true;
    try {
      return await this.#schema(lease.schema_version);
    } catch (error) {
      this.trouble = error;
      return null;
    } finally {
      this.#isFetching = false;
    }
  }

  /** Fetches the schemas of the items that come next, while there is a network. */
  #lookAhead(): void {
    for (const { schema_version } of this.#parts.queue.ahead) void this.#schema(schema_version).catch(() => undefined);
    if (this.work === null && this.#parts.queue.current !== null && !this.isKeeping && !this.#isFetching) void this.#openCurrent();
  }

  #open(work: Work, { activeMs, breakMs }: Spent = NO_TIME): void {
    this.work = work;
    this.#draftAnswers = null;
    this.isPaused = false;
    this.#breaksMs = breakMs;
    this.#breakSince = null;
    this.#parts.timer.start(this.#parts.now(), activeMs);
  }

  #park(): void {
    if (!this.isReopened && this.work !== null) this.#parked = { work: this.work, spent: this.#spent };
  }

  /** The `back`-th newest annotation that still stands: from this session, else from the server. */
  async #find(back: number): Promise<Done | null> {
    const superseded = new Set(this.#done.map(({ subject }) => subject.supersedes));
    const standing = this.#done.filter(({ annotation }) => !superseded.has(annotation)).reverse();
    const here = standing[back - 1];
    if (here !== undefined) return here;
    const known = new Set(this.#done.map(({ subject }) => subject.item_id));
    let left = back - standing.length;
    let cursor: string | null = null;
    do {
      const page: Page<MyAnnotation> = await this.#parts.loadMine(50, cursor);
      const older = new Set(page.rows.map((row) => row.supersedes));
      for (const row of page.rows) {
        if (known.has(row.item_id) || older.has(row.id) || row.purpose !== this.#parts.purpose) continue;
        known.add(row.item_id);
        left -= 1;
        if (left === 0) return await this.#reload(row);
      }
      cursor = page.next;
    } while (cursor !== null);
    return null;
  }

  async #reload(row: MyAnnotation): Promise<Done> {
    const item = await this.#parts.loadItem(row.item_id);
    const { schema_version, guideline_version, policy_version } = row;
    const versions = { schema_version, guideline_version, policy_version };
    const { id: item_id, external_id, payload } = item;
    const rest = { lease_id: null, why: '', supersedes: null, purpose: row.purpose };
    const subject = { item_id, external_id, payload, ...rest, ...versions };
    return { subject, annotation: row.id, answers: row.outcome === 'answered' ? row.answers : {} };
  }
}

/** Whether the reason is that nobody could be reached, which passes by itself. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof Unreachable || (error instanceof Problem && error.isPassing);
