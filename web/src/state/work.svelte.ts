/** One item being answered: its answers, how to undo them, and what is still missing. */
import type {
  AnnotationRequest,
  Answer,
  Answers,
  AskedAgain,
  Assistance,
  Lease,
  Outcome,
  Payload,
  Purpose,
  Question,
  Rework,
  Schema,
  Suggestion,
  Versions,
} from '../api';
import { asked } from '../questions/conditions';
import type { Checked, Sheet } from '../questions/kind';
import { check, checkAmong, isAnswered } from '../questions/registry';
import { Suggestions } from './suggestions';

/** An item to answer, from the queue or opened again. */
export interface Subject extends Versions {
  item_id: string;
  external_id: string;
  lease_id: string | null;
  payload: Payload;
  why: string;
  purpose: Purpose;
  supersedes: string | null;
  /** That the answers came back, and why. */
  rework?: Rework | null;
  /** That it was answered under an older schema, which those answers no longer fit. */
  asked_again?: AskedAgain | null;
  /** What models say of it, to be accepted or not. */
  suggestions?: readonly Suggestion[];
  /** How many comments on it are open, where the lease has told. */
  n_open_threads?: number | undefined;
}

/** What a lease gives to answer. */
export function subjectOf(lease: Lease, purpose: Purpose): Subject {
  const { item_id, external_id, payload, schema_version, guideline_version, policy_version } = lease;
  const versions = { schema_version, guideline_version, policy_version };
  const rest = { lease_id: lease.id, why: lease.why.text, supersedes: lease.rework?.annotation_id ?? null, rework: lease.rework ?? null, asked_again: lease.asked_again ?? null, purpose, suggestions: lease.suggestions, n_open_threads: lease.n_open_threads };
  return { item_id, external_id, payload, ...rest, ...versions };
}

/** How long somebody worked on an item, and how long they took a break from it meanwhile. */
export interface Spent {
  activeMs: number;
  breakMs: number;
}

export const NO_TIME: Spent = { activeMs: 0, breakMs: 0 };

/** What was said before a change, and the step that the change belongs to. */
interface Past {
  answers: Answers;
  /** The suggested answers that were accepted, by question. */
  taken: Answers;
  step: string | null;
}

export class Work implements Sheet {
  readonly subject: Subject;
  readonly schema: Schema;
  readonly id: string;
  readonly seed: string;
  readonly suggestions: Suggestions;
  answers = $state.raw<Answers>({});
  #taken = $state.raw<Answers>({});
  /** The question that keys speak to. */
  active = $state(0);
  #undo = $state.raw<Past[]>([]);
  #redo = $state.raw<Omit<Past, 'step'>[]>([]);
  readonly #shared = new Map<string, object>();
  readonly #checked = new Map<string, { answer: Answer; verdict: Checked<Answer> }>();

  constructor(subject: Subject, schema: Schema, id: string, answers: Answers = {}, person = '') {
    this.subject = subject;
    this.schema = schema;
    this.id = id;
    this.seed = `${subject.item_id}:${person}`;
    this.answers = answers;
    this.suggestions = new Suggestions(subject.suggestions ?? [], subject.payload);
    this.active = Math.max(0, this.#nextUnanswered(0));
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  readonly #asked = $derived.by(() => asked(this.schema.questions, this.answers, isAnswered));

  /** The questions that are asked, given the answers so far. */
  get asked(): Question[] {
    return this.#asked;
  }

  get questions(): readonly Question[] {
    return this.schema.questions;
  }

  get payload(): Payload {
    return this.subject.payload;
  }

  /** Required questions without an answer. */
  get missing(): Question[] {
    return this.asked.filter((question) => question.required !== false && !this.isAnswered(question));
  }

  /** Why answers do not fit, by question. */
  get faults(): Map<string, string> {
    const found = new Map<string, string>();
    for (const question of this.asked) {
      const verdict = this.verdict(question);
      if (verdict === null) continue;
      const fault = 'fault' in verdict ? verdict.fault : checkAmong(question, verdict.answer, this.answers);
      if (fault !== null) found.set(question.name, fault);
    }
    return found;
  }

  get isComplete(): boolean {
    return this.missing.length === 0 && this.faults.size === 0;
  }

  get activeQuestion(): Question | undefined {
    return this.schema.questions[this.active];
  }

  isAnswered(question: Question): boolean {
    return isAnswered(question, this.answers[question.name]);
  }

  /** Whether an answer fits; null where there is none. */
  verdict(question: Question): Checked<Answer> | null {
    const answer = this.answers[question.name];
    if (answer === undefined || !isAnswered(question, answer)) return null;
    const before = this.#checked.get(question.name);
    if (before?.answer === answer) return before.verdict;
    const verdict = check(question, answer, this.payload);
    this.#checked.set(question.name, { answer, verdict });
    return verdict;
  }

  /** What components of one question share, made once. */
  shared<T extends object>(name: string, make: () => T): T {
    const found = this.#shared.get(name) ?? make();
    this.#shared.set(name, found);
    return found as T;
  }

  /** What the components of a question share, where they have begun to. */
  sharedSoFar(name: string): object | undefined {
    return this.#shared.get(name);
  }

  /** Sets one answer, or takes it away; changes of one `step` in a row are undone together. */
  answer(name: string, answer: Answer | undefined, step?: string): void {
    const others = Object.entries(this.answers).filter(([other]) => other !== name);
    const place = step === undefined ? null : `${name}:${step}`;
    if (place === null || this.#undo.at(-1)?.step !== place) this.#remember(place);
    this.#redo = [];
    this.answers = Object.fromEntries(answer === undefined ? others : [...others, [name, answer]]);
  }

  /** Takes a suggested answer as one's own; it is undone and changed like any other. */
  accept(question: Question, suggested: Answer): void {
    this.answer(question.name, suggested);
    this.#taken = { ...this.#taken, [question.name]: suggested };
  }

  suggested(question: Question): readonly Answer[] {
    return this.#taken[question.name] === undefined ? this.suggestions.of(question).map(({ answer }) => answer) : [];
  }

  /** What would be accepted at once: the first suggestion for each question that has no answer. */
  get acceptable(): [Question, Answer][] {
    if (!this.suggestions.hasAny) return [];
    return this.asked.flatMap((question): [Question, Answer][] => {
      const first = this.isAnswered(question) ? undefined : this.suggestions.of(question)[0];
      return first === undefined ? [] : [[question, first.answer]];
    });
  }

  /** Accepts what is acceptable, and what is asked because of it, in one step; says how many answers that gave. */
  acceptAll(): number {
    const accepted: Answers = {};
    const before = { answers: this.answers, taken: this.#taken, step: null };
    for (let some = this.acceptable; some.length > 0; some = this.acceptable) {
      for (const [{ name }, answer] of some) accepted[name] = answer;
      this.answers = { ...this.answers, ...accepted };
    }
    const n = Object.keys(accepted).length;
    if (n === 0) return 0;
    this.#taken = { ...this.#taken, ...accepted };
    this.#undo = [...this.#undo, before];
    this.#redo = [];
    return n;
  }

  /** Takes back from a draft what had become of the suggestions. */
  recall(told: Assistance): void {
    this.#taken = this.suggestions.takenOf(told, this.schema.questions, this.answers);
  }

  #remember(step: string | null): void {
    this.#undo = [...this.#undo, { answers: this.answers, taken: this.#taken, step }];
  }

  undo(): void {
    const before = this.#undo.at(-1);
    if (before === undefined) return;
    this.#redo = [...this.#redo, { answers: this.answers, taken: this.#taken }];
    this.#undo = this.#undo.slice(0, -1);
    this.#putBack(before);
  }

  redo(): void {
    const after = this.#redo.at(-1);
    if (after === undefined) return;
    this.#remember(null);
    this.#redo = this.#redo.slice(0, -1);
    this.#putBack(after);
  }

  /** Puts answers back, and goes to the question whose answer changes with it: there the next key speaks to it. */
  #putBack({ answers, taken }: Omit<Past, 'step'>): void {
    const changed = this.schema.questions.find(({ name }) => this.answers[name] !== answers[name]);
    this.answers = answers;
    this.#taken = taken;
    if (changed !== undefined && this.isAsked(changed)) this.activate(changed);
  }

  isAsked(question: Question): boolean {
    return this.asked.includes(question);
  }

  /** Makes `question` the one that keys speak to. */
  activate(question: Question): void {
    const at = this.schema.questions.indexOf(question);
    if (at >= 0 && at !== this.active) this.active = at;
  }

  /** Goes to the question after the active one, round the end. */
  nextQuestion(): void {
    const after = [...this.schema.questions.slice(this.active + 1), ...this.schema.questions.slice(0, this.active + 1)];
    const next = after.find((question) => this.isAsked(question));
    if (next !== undefined) this.activate(next);
  }

  /** Goes to the next question without an answer, if there is one. */
  goOn(): void {
    const next = this.#nextUnanswered(this.active + 1);
    if (next >= 0) this.active = next;
  }

  request(outcome: Outcome, reason: string | null, { activeMs, breakMs }: Spent = NO_TIME): AnnotationRequest {
    const { item_id, lease_id, schema_version, guideline_version, policy_version, supersedes, purpose } = this.subject;
    const answers = outcome === 'answered' ? this.#ordered() : {};
    const versions = { schema_version, guideline_version, policy_version };
    const assistance = this.suggestions.assistance(this.asked, answers, outcome === 'answered' ? this.#taken : {});
    const rest = { active_ms: Math.round(activeMs), break_ms: Math.round(breakMs), supersedes, purpose, ...(assistance === null ? {} : { assistance }) };
    return { id: this.id, item_id, lease_id, outcome, reason, answers, ...rest, ...versions };
  }

  /** The answers to what is asked, in their normal form. */
  #ordered(): Answers {
    const given: Answers = {};
    for (const question of this.asked) {
      const verdict = this.verdict(question);
      if (verdict === null) continue;
      given[question.name] = 'answer' in verdict ? verdict.answer : (this.answers[question.name] ?? '');
    }
    return given;
  }

  #nextUnanswered(from: number): number {
    const { questions } = this.schema;
    for (let step = 0; step < questions.length; step += 1) {
      const i = (from + step) % questions.length;
      const question = questions[i];
      if (question !== undefined && this.isAsked(question) && !this.isAnswered(question)) return i;
    }
    return -1;
  }
}
