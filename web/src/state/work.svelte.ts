/** One item being answered: its answers, how to undo them, and what is still missing. */
import type {
  AnnotationRequest,
  Answer,
  Answers,
  Lease,
  Outcome,
  Payload,
  Purpose,
  Question,
  Schema,
  Versions,
} from '../api';

/** An item to answer, from the queue or opened again. */
export interface Subject extends Versions {
  item_id: string;
  external_id: string;
  lease_id: string | null;
  payload: Payload;
  why: string;
  purpose: Purpose;
  supersedes: string | null;
}

/** What a lease gives to answer. */
export function subjectOf(lease: Lease, purpose: Purpose): Subject {
  const { item_id, external_id, payload, schema_version, guideline_version, policy_version } = lease;
  const versions = { schema_version, guideline_version, policy_version };
  const rest = { lease_id: lease.id, why: lease.why.text, supersedes: null, purpose };
  return { item_id, external_id, payload, ...rest, ...versions };
}

/** Whether `answer` says anything; an empty list of spans says that there is nothing to mark. */
export function isAnswered(question: Question, answer: Answer | undefined): boolean {
  switch (question.type) {
    case 'choice':
      return typeof answer === 'string' && answer !== '';
    case 'spans':
      return Array.isArray(answer);
  }
}

export class Work {
  readonly subject: Subject;
  readonly schema: Schema;
  readonly id: string;
  answers = $state.raw<Answers>({});
  /** The question that keys speak to. */
  active = $state(0);
  #undo = $state.raw<Answers[]>([]);
  #redo = $state.raw<Answers[]>([]);

  constructor(subject: Subject, schema: Schema, id: string, answers: Answers = {}) {
    this.subject = subject;
    this.schema = schema;
    this.id = id;
    this.answers = answers;
    this.active = Math.max(0, this.#nextUnanswered(0));
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** Required questions without an answer. */
  get missing(): Question[] {
    return this.schema.questions.filter(
      (question) => question.required !== false && !isAnswered(question, this.answers[question.name]),
    );
  }

  get isComplete(): boolean {
    return this.missing.length === 0;
  }

  get activeQuestion(): Question | undefined {
    return this.schema.questions[this.active];
  }

  /** Sets one answer, or takes it away. */
  answer(name: string, answer: Answer | undefined): void {
    const others = Object.entries(this.answers).filter(([other]) => other !== name);
    this.#undo = [...this.#undo, this.answers];
    this.#redo = [];
    this.answers = Object.fromEntries(answer === undefined ? others : [...others, [name, answer]]);
  }

  undo(): void {
    const before = this.#undo.at(-1);
    if (before === undefined) return;
    this.#redo = [...this.#redo, this.answers];
    this.#undo = this.#undo.slice(0, -1);
    this.answers = before;
  }

  redo(): void {
    const after = this.#redo.at(-1);
    if (after === undefined) return;
    this.#undo = [...this.#undo, this.answers];
    this.#redo = this.#redo.slice(0, -1);
    this.answers = after;
  }

  /** Goes to the question after the active one, round the end. */
  nextQuestion(): void {
    this.active = (this.active + 1) % Math.max(1, this.schema.questions.length);
  }

  /** Goes to the next question without an answer, if there is one. */
  goOn(): void {
    const next = this.#nextUnanswered(this.active + 1);
    if (next >= 0) this.active = next;
  }

  request(outcome: Outcome, reason: string | null, activeMs: number): AnnotationRequest {
    const { item_id, lease_id, schema_version, guideline_version, policy_version, supersedes, purpose } = this.subject;
    const answers = outcome === 'answered' ? this.#ordered() : {};
    const versions = { schema_version, guideline_version, policy_version };
    const rest = { active_ms: Math.round(activeMs), supersedes, purpose };
    return { id: this.id, item_id, lease_id, outcome, reason, answers, ...rest, ...versions };
  }

  #ordered(): Answers {
    const given: Answers = {};
    for (const question of this.schema.questions) {
      const answer = this.answers[question.name];
      if (answer !== undefined && isAnswered(question, answer)) given[question.name] = answer;
    }
    return given;
  }

  #nextUnanswered(from: number): number {
    const { questions } = this.schema;
    for (let step = 0; step < questions.length; step += 1) {
      const i = (from + step) % questions.length;
      const question = questions[i];
      if (question !== undefined && !isAnswered(question, this.answers[question.name])) return i;
    }
    return -1;
  }
}
