/** The screen of a reviewer or an adjudicator: which item is open, whose answers are looked at, what is decided. */
import type { Answers, Lease, Look, NewReview, ProjectFull, Question, StandingAnswers } from '../api';
import type { RefusedDecision } from '../state/outbox.svelte';
import type { Queue } from '../state/queue.svelte';
import { Work, type Subject } from '../state/work.svelte';
import { isSame, sortedJson } from '../lib/same';
import { intersection, union } from './merge';

export type Mode = 'look' | 'edit' | 'return';

export interface ReviewingParts {
  purpose: Look;
  project: ProjectFull;
  queue: Queue;
  /** Keeps a decision on this device until the server has it; resolves once it is on the disk. */
  keep: (review: NewReview, lease: Lease) => Promise<unknown>;
  /** Lets go of a decision that the server refused. */
  discard: (id: string) => Promise<unknown>;
  newId: () => string;
  /** How long somebody has worked on the open item. */
  activeMs: () => number;
  restart: () => void;
}

export class Reviewing {
  /** The answers that are being decided: those looked at, or what an adjudicator puts together. */
  work = $state.raw<Work | null>(null);
  lease = $state.raw<Lease | null>(null);
  /** Which of the standing answers is looked at. */
  selected = $state(0);
  mode = $state<Mode>('look');
  /** What an adjudicator says to a decision. */
  comment = $state('');
  isSending = $state(false);
  nDone = $state(0);
  trouble = $state.raw<unknown>(null);

  readonly #parts: ReviewingParts;
  /** The last thing sent and its id: the same decision sent again after a failure keeps its id. */
  #sent: { text: string; id: string } | null = null;
  /** The refused decision that the next one about the open item takes the place of. */
  #mends: string | null = null;

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
    await this.queue.start();
    this.#open();
  }

  stop(): void {
    this.queue.stop(false);
  }

  /** Looks again, after there was nothing to decide. */
  async refill(): Promise<void> {
    await this.queue.fill();
    if (this.lease === null) this.#open();
  }

  /** Opens the item of a refused decision as it was decided, or says why it cannot be decided about any more. */
  async again({ request }: RefusedDecision): Promise<void> {
    this.trouble = null;
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
    this.mode = 'edit';
  }

  look(): void {
    this.mode = 'look';
    if (this.purpose === 'review') {
      this.comment = '';
      this.#load(this.#answersOf(this.selected));
    }
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
      annotation: this.purpose === 'review' ? (this.chosen?.key ?? null) : null,
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
    this.#parts.restart();
    if (this.lease === null) this.work = null;
    else this.#load(this.purpose === 'review' ? this.#answersOf(0) : this.#agreed());
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
