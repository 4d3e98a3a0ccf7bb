/** Relating marks: which mark is looked at, from which one a relation starts, which relations there are. */
import type { Question, Relation, RelationsQuestion, Span, SpanEnd, SpansQuestion } from '../api';
import { CodePoints } from '../lib/code-points';
import type { Sheet } from './kind';
import { textOf } from './texts';

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const compareEnds = (a: SpanEnd, b: SpanEnd): number => a.start - b.start || a.end - b.end || compare(a.label, b.label);

export const compareRelations = (a: Relation, b: Relation): number =>
  compareEnds(a.from, b.from) || compareEnds(a.to, b.to) || compare(a.label, b.label);

export const endOf = ({ start, end, label }: SpanEnd): SpanEnd => ({ start, end, label });

/** A relation in its one form: what has no direction goes from the mark that comes first. */
export function directed(relation: Relation, symmetric: readonly string[]): Relation {
  const { from, to, label } = relation;
  const isTurned = symmetric.includes(label) && compareEnds(from, to) > 0;
  return isTurned ? { from: endOf(to), to: endOf(from), label } : { from: endOf(from), to: endOf(to), label };
}

/** The spans question whose marks are related. */
export function spansQuestion(question: RelationsQuestion, questions: readonly Question[]): SpansQuestion | null {
  const found = questions.find(({ name }) => name === question.spans);
  return found?.type === 'spans' ? found : null;
}

export class Relating {
  readonly question: RelationsQuestion;
  readonly spans: SpansQuestion | null;
  readonly points: CodePoints;
  readonly #sheet: Sheet;
  /** The mark that keys speak to. */
  at = $state(0);
  /** The mark from which the next relation starts. */
  from = $state.raw<SpanEnd | null>(null);

  constructor(question: RelationsQuestion, sheet: Sheet) {
    this.question = question;
    this.#sheet = sheet;
    this.spans = spansQuestion(question, sheet.questions);
    this.points = new CodePoints(this.spans === null ? '' : textOf(sheet.payload[this.spans.field]));
  }

  get marks(): readonly Span[] {
    const answer = this.#sheet.answers[this.question.spans];
    return Array.isArray(answer) ? (answer as Span[]) : [];
  }

  get mark(): Span | null {
    return this.marks[Math.min(this.at, this.marks.length - 1)] ?? null;
  }

  get list(): readonly Relation[] {
    const answer = this.#sheet.answers[this.question.name];
    return Array.isArray(answer) ? (answer as Relation[]) : [];
  }

  get isNothing(): boolean {
    return Array.isArray(this.#sheet.answers[this.question.name]) && this.list.length === 0;
  }

  /** Goes to the mark after (1) or before (-1), round the end. */
  step(direction: 1 | -1): void {
    const { length } = this.marks;
    if (length > 0) this.at = (Math.min(this.at, length - 1) + direction + length) % length;
  }

  /** Starts a relation at the mark, or lets go of the one it would start from. */
  start(): void {
    const { mark } = this;
    this.from = mark === null || (this.from !== null && compareEnds(this.from, mark) === 0) ? null : endOf(mark);
  }

  /** Relates the mark it starts from to the one at hand; the same relation again is taken away. */
  relate(label: string): Relation | null {
    const { from, mark } = this;
    if (from === null || mark === null || compareEnds(from, mark) === 0) return null;
    const relation = directed({ from, to: endOf(mark), label }, this.question.symmetric ?? []);
    const others = this.list.filter((other) => compareRelations(other, relation) !== 0);
    this.#write(others.length < this.list.length ? others : [...others, relation].sort(compareRelations));
    this.from = null;
    return relation;
  }

  remove(relation: Relation): void {
    this.#write(this.list.filter((other) => compareRelations(other, relation) !== 0));
  }

  setNothing(): void {
    this.#sheet.answer(this.question.name, this.isNothing ? undefined : []);
  }

  /** Takes away the relations whose marks are gone. */
  removeLoose(): void {
    this.#write(this.list.filter((relation) => !this.isLoose(relation)));
  }

  /** Whether a mark of a relation is gone. */
  isLoose(relation: Relation): boolean {
    const has = (end: SpanEnd) => this.marks.some((mark) => compareEnds(mark, end) === 0);
    return !has(relation.from) || !has(relation.to);
  }

  textOf(end: SpanEnd): string {
    return this.points.slice(end.start, Math.min(end.end, end.start + 60));
  }

  #write(list: readonly Relation[]): void {
    this.#sheet.answer(this.question.name, list);
  }
}

export const relatingOf = (sheet: Sheet, question: RelationsQuestion): Relating => sheet.shared(question.name, () => new Relating(question, sheet));
