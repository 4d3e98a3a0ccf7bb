/** The screen of a reviewer or an adjudicator: which item is open, whose answers are looked at, what is decided. */
import type { Answers, Lease, Look, NewReview, ProjectFull, Question, StandingAnswers } from '../api';
import type { RefusedDecision } from '../state/outbox.svelte';
import type { Queue } from '../state/queue.svelte';
import { Work, type Subject } from '../state/work.svelte';
import { isSame, sortedJson } from '../lib/same';
import { disputed, intersection, toggled, union, type DisputedPart } from './merge';

export type Mode = 'look' | 'edit' | 'return';

/** What was begun about an item and not decided, as this device keeps it. */
export interface DecisionDraft {
  mode: Mode;
  external_id: string;
  request: NewReview;
}

/** What was begun about the open item: a fix, a reason to return it, or what an adjudicator has put together. */
interface Begun {
  mode: Mode;
  /** The key of the answers that it is about; an adjudicator's is about all. */
  about: string | null;
  work: Work;
  comment: string;
}

type KeptBegun = Begun & { answers: Answers };

const asKept = (begun: Begun | null): KeptBegun | null => (begun === null ? null : { ...begun, answers: begun.work.answers });
const isKept = (a: KeptBegun | null, b: Begun | null): boolean =>
  a === null || b === null ? a === b : a.mode === b.mode && a.about === b.about && a.answers === b.work.answers && a.comment === b.comment;

export const DRAFT_EVERY_MS = 2_000;

export interface ReviewingParts {
  purpose: Look;
  project: ProjectFull;
  queue: Queue;
  /** Keeps a decision on this device until the server has it; resolves once it is on the disk. */
  keep: (review: NewReview, lease: Lease) => Promise<unknown>;
  /** Lets go of a decision that the server refused. */
  discard: (id: string) => Promise<unknown>;
  /** Where what is begun lies until it is decided. */
  drafts: {
    put: (draft: DecisionDraft) => Promise<unknown>;
    find: (item: string) => Promise<DecisionDraft | null>;
    drop: (item: string) => Promise<unknown>;
  };
  every: (run: () => void, ms: number) => () => void;
  newId: () => string;
  /** How long somebody has worked on the open item. */
  activeMs: () => number;
  restart: (activeMs: number) => void;
}

export class Reviewing {
  /** The answers that are being decided: those looked at, or what an adjudicator puts together. */
  work = $state.raw<Work | null>(null);
  lease = $state.raw<Lease | null>(null);
  /** Which of the standing answers is looked at. */
  selected = $state(0);
  mode = $state<Mode>('look');
  /** What is said to a decision: why answers come back, or what somebody who contested them is told. */
  comment = $state('');
  isSending = $state(false);
  nDone = $state(0);
  trouble = $state.raw<unknown>(null);

  readonly #parts: ReviewingParts;
  /** The last thing sent and its id: the same decision sent again after a failure keeps its id. */
  #sent: { text: string; id: string } | null = null;
  /** The refused decision that the next one about the open item takes the place of. */
  #mends: string | null = null;
  /** What was begun and left, to go on with when the same is begun again. */
  #left = $state.raw<Begun | null>(null);
  #drafted = $state.raw<KeptBegun | null>(null);
  #stopDrafts: () => void = () => undefined;
  /** Settles when the draft that is on its way to the disk has arrived there, or could not. */
  #drafting: Promise<unknown> = Promise.resolve();

  constructor(parts: ReviewingParts) {
    this.#parts = parts;
  }

  get purpose(): Look {
    return this.#parts.purpose;
  }

  get project(): ProjectFull {
    return this.#parts.project;
  }

  get queue(): Queue {
    return this.#parts.queue;
  }

  get standing(): readonly StandingAnswers[] {
    return this.lease?.answers ?? [];
  }

  get chosen(): StandingAnswers | null {
    return this.standing[this.selected] ?? null;
  }

  async start(): Promise<void> {
    this.#stopDrafts = this.#parts.every(() => void this.keepDraft(), DRAFT_EVERY_MS);
    await this.queue.start();
    this.#open();
  }

  stop(): void {
    this.#stopDrafts();
    void this.keepDraft();
    this.queue.stop(this.#begun !== null);
  }

  /** Whether what is begun is on this device; null where nothing is begun. */
  get isDrafted(): boolean | null {
    return this.#begun === null ? null : isKept(this.#drafted, this.#begun);
  }

  /** Keeps what is begun on this device, if it changed. */
  keepDraft(): Promise<unknown> {
    const { lease } = this;
    const begun = this.#begun;
    if (lease === null || this.isSending || isKept(this.#drafted, begun)) return this.#drafting;
    const { drafts } = this.#parts;
    const kept = asKept(begun);
    const draft = begun === null ? null : this.#draftOf(lease, begun);
    const put = async (): Promise<void> => {
      await (draft === null ? drafts.drop(lease.item_id) : drafts.put(draft));
      if (this.lease === lease) this.#drafted = kept;
    };
    // A device that takes nothing says so when the decision itself is to be kept.
    this.#drafting = this.#drafting.then(put).catch(() => undefined);
    return this.#drafting;
  }

  /** Looks again, after there was nothing to decide. */
  async refill(): Promise<void> {
    await this.queue.fill();
    if (this.lease === null) this.#open();
  }

  /** Opens the item of a refused decision as it was decided, or says why it cannot be decided about any more. */
  async again({ request }: RefusedDecision): Promise<void> {
    this.trouble = null;
    await this.keepDraft();
    try {
      await this.queue.bringBack(request.item_id);
    } catch (error) {
      this.trouble = error;
      return;
    }
    if (this.queue.current?.item_id !== request.item_id) return;
    this.#open();
    this.#mends = request.id;
    this.selected = Math.max(0, this.standing.findIndex(({ key }) => key === request.annotation));
    this.comment = request.comment;
    this.#left = null;
    if (request.decision === 'fixed' || request.decision === 'adjudicated') {
      this.#load((request.answers ?? {}) as Answers);
      this.mode = 'edit';
    } else {
      this.select(this.selected);
      if (request.decision === 'returned') this.mode = 'return';
    }
  }

  /** Looks at one of the standing answers. */
  select(place: number): void {
    if (this.standing[place] === undefined) return;
    this.selected = place;
    if (this.purpose === 'review' && this.mode === 'look') this.#load(this.#answersOf(place));
  }

  /** The answers of the one looked at become editable; an adjudicator goes on with what is put together. */
  edit(): void {
    this.#begin('edit');
  }

  /** Asks for the reason why the answers looked at come back. */
  askWhy(): void {
    this.#begin('return');
  }

  /** Whether there is something begun to go on with. */
  hasLeft(mode: Mode): boolean {
    return this.#left?.mode === mode && this.#left.about === this.#about;
  }

  /** Looks at the answers as they are; what was begun is gone on with when the same is begun again. */
  look(): void {
    if (this.purpose === 'review') {
      this.#left = this.#begun;
      this.comment = '';
      this.#load(this.#answersOf(this.selected));
    }
    this.mode = 'look';
  }

  #begin(mode: 'edit' | 'return'): void {
    this.mode = mode;
    const left = this.#left;
    if (left === null || !this.hasLeft(mode)) return;
    this.work = left.work;
    this.comment = left.comment;
  }

  /** The key of the answers that a reviewer's decision is about. */
  get #about(): string | null {
    return this.purpose === 'review' ? (this.chosen?.key ?? null) : null;
  }

  get #begun(): Begun | null {
    const { work, mode, comment } = this;
    if (work === null || (mode === 'look' && this.purpose === 'review')) return this.#left;
    const hasBegun = comment.trim() !== '' || (mode !== 'return' && work.canUndo);
    if (hasBegun) return { mode, about: this.#about, work, comment };
    // What was left, gone on with and taken back is not begun any more.
    return this.hasLeft(mode) ? null : this.#left;
  }

  /** Takes the value that one of the standing answers gives to a question. */
  take(question: Question, place: number): void {
    const value = (this.standing[place]?.answers as Answers | undefined)?.[question.name];
    this.work?.answer(question.name, value ?? undefined);
  }

  merge(question: Question, how: 'union' | 'intersection'): void {
    const values = this.standing.map(({ answers }) => (answers as Answers)[question.name]);
    const merged = how === 'union' ? union(values) : intersection(values);
    this.work?.answer(question.name, merged);
  }

  /** What not all standing answers to a question have. */
  disputed(question: Question): DisputedPart[] {
    return disputed(this.standing.map(({ answers }) => (answers as Answers)[question.name]));
  }

  /** Puts a part into the final answer, or takes it out; an answer that is open begins with what all have. */
  toggle(question: Question, part: unknown): void {
    if (this.work?.answers[question.name] !== undefined) {
      this.work.answer(question.name, toggled(this.work.answers[question.name], part));
      return;
    }
    const values = this.standing.map(({ answers }) => (answers as Answers)[question.name]);
    this.work?.answer(question.name, toggled(intersection(values), part));
  }

  /** Whether the answer to a question is the one that a standing answer gives. */
  isTaken(question: Question, place: number): boolean {
    const value = (this.standing[place]?.answers as Answers | undefined)?.[question.name];
    const own = this.work?.answers[question.name];
    return value !== undefined && own !== undefined && isSame(value, own);
  }

  accept(): Promise<boolean> {
    return this.#decide('accepted', {}, '');
  }

  giveBack(comment: string): Promise<boolean> {
    return this.#decide('returned', {}, comment);
  }

  /** Stores the answers as they stand now: a fix, or an adjudication. */
  settle(): Promise<boolean> {
    if (this.work?.isComplete !== true) return Promise.resolve(false);
    const { answers } = this.work.request('answered', null);
    return this.#decide(this.purpose === 'review' ? 'fixed' : 'adjudicated', answers, this.comment.trim());
  }

  async #decide(decision: NewReview['decision'], answers: Answers, comment: string): Promise<boolean> {
    const { lease } = this;
    if (lease === null || this.isSending) return false;
    this.isSending = true;
    this.trouble = null;
    try {
      // A draft that came to the disk after the decision would stay there.
      await this.#drafting;
      await this.#parts.keep(this.#body(lease, decision, answers, comment), lease);
      if (this.#mends !== null) await this.#parts.discard(this.#mends);
    } catch (error) {
      this.trouble = error;
      return false;
    } finally {
      this.isSending = false;
    }
    this.nDone += 1;
    this.queue.advance();
    this.#open();
    if (this.lease === null) await this.refill();
    return true;
  }

  #body(lease: Lease, decision: NewReview['decision'], answers: Answers, comment: string): NewReview {
    const { item_id, id: lease_id, schema_version, guideline_version, policy_version } = lease;
    const said = {
      item_id,
      purpose: this.purpose,
      decision,
      annotation: this.#about,
      answers,
      taken: this.purpose === 'adjudicate' ? this.#taken(answers) : {},
      comment,
      lease_id,
      schema_version,
      guideline_version,
      policy_version,
    };
    const text = sortedJson(said);
    if (this.#sent?.text !== text) this.#sent = { text, id: this.#parts.newId() };
    return { ...said, id: this.#sent.id, active_ms: Math.round(this.#parts.activeMs()) };
  }

  #draftOf(lease: Lease, { mode, about, work, comment }: Begun): DecisionDraft {
    const { item_id, external_id, id: lease_id, schema_version, guideline_version, policy_version } = lease;
    const versions = { schema_version, guideline_version, policy_version };
    const settled = this.purpose === 'review' ? 'fixed' : 'adjudicated';
    const decision = mode === 'return' ? 'returned' : settled;
    const said = { decision, annotation: about, answers: { ...work.answers }, comment, taken: {} } as const;
    const request = { id: work.id, item_id, purpose: this.purpose, lease_id, ...said, ...versions, active_ms: Math.round(this.#parts.activeMs()) };
    return { mode, external_id, request };
  }

  /** Goes on with what was begun about the open item before the page was left. */
  async #restore(lease: Lease): Promise<void> {
    const draft = await this.#parts.drafts.find(lease.item_id).catch(() => null);
    // Nobody may have begun anything while the draft was read.
    if (draft === null || this.lease !== lease || this.mode !== 'look' || this.#begun !== null || this.isSending) return;
    const { mode, request } = draft;
    if (this.purpose === 'review') {
      // Answers that are not offered any more were changed meanwhile: what was begun about them is not about the new ones.
      const place = this.standing.findIndex(({ key }) => key === request.annotation);
      if (place < 0) return;
      this.select(place);
    }
    const answers = request.answers as Answers;
    for (const { name } of this.project.schema.questions) {
      if (mode !== 'return' && !isSame(answers[name], this.work?.answers[name])) this.work?.answer(name, answers[name]);
    }
    this.comment = request.comment;
    this.mode = mode;
    this.#drafted = asKept(this.#begun);
    this.#parts.restart(request.active_ms);
  }

  /** From which answer each final value was taken, as far as it is still the same. */
  #taken(answers: Answers): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [name, value] of Object.entries(answers)) {
      const from = this.standing.find((one) => isSame((one.answers as Answers)[name], value));
      if (from !== undefined) found[name] = from.key;
    }
    return found;
  }

  #answersOf(place: number): Answers {
    return (this.standing[place]?.answers ?? {}) as Answers;
  }

  /** What all agree on is put in before anybody looks. */
  #agreed(): Answers {
    const [first, ...others] = this.standing.map(({ answers }) => answers as Answers);
    if (first === undefined) return {};
    return Object.fromEntries(Object.entries(first).filter(([name, value]) => others.every((one) => isSame(one[name], value))));
  }

  #open(): void {
    this.lease = this.queue.current;
    this.selected = 0;
    this.#mends = null;
    this.comment = '';
    this.mode = 'look';
    this.#left = null;
    this.#drafted = null;
    this.#parts.restart(0);
    if (this.lease === null) {
      this.work = null;
      return;
    }
    this.#load(this.purpose === 'review' ? this.#answersOf(0) : this.#agreed());
    void this.#restore(this.lease);
  }

  #load(answers: Answers): void {
    const { lease } = this;
    if (lease === null) return;
    const { item_id, external_id, payload, schema_version, guideline_version, policy_version, id, why } = lease;
    const versions = { schema_version, guideline_version, policy_version };
    const subject: Subject = { item_id, external_id, payload, lease_id: id, why: why.text, purpose: 'label', supersedes: null, ...versions };
    this.work = new Work(subject, this.project.schema, this.#parts.newId(), answers);
  }
}
