/** Verdicts on the steps of a solution: how they are set, and which step keys speak to. */
import type { StepsQuestion } from '../api';
import { listedIn, type Candidate } from './candidates';
import { Followed } from './followed';
import type { Sheet } from './kind';
import { listOf } from './values';

export type Verdict = -1 | 0 | 1;
export type Verdicts = readonly (Verdict | null)[];

/** The place of the first step that is wrong; -1 where none is. */
export const firstError = (verdicts: Verdicts): number => verdicts.indexOf(-1);

/** `verdicts` on `n` steps with another one for step `i`; where judging stops at the first error, nothing stands after it. */
export function judged(verdicts: Verdicts, n: number, i: number, verdict: Verdict | null, stops: boolean): Verdicts {
  const all = Array.from({ length: n }, (_one, at) => (at === i ? verdict : (verdicts[at] ?? null)));
  const error = firstError(all);
  return stops && error >= 0 ? all.map((one, at) => (at > error ? null : one)) : all;
}

export class StepsView {
  readonly question: StepsQuestion;
  readonly steps: readonly Candidate[] | null;
  at = $state(0);
  readonly #sheet: Sheet;
  readonly #followed: Followed<Verdict | null>;

  constructor(question: StepsQuestion, sheet: Sheet) {
    this.question = question;
    this.#sheet = sheet;
    this.steps = stepsIn(sheet.payload[question.field]);
    this.#followed = new Followed(this.verdicts);
    this.at = Math.max(0, this.verdicts.length === 0 ? 0 : this.verdicts.indexOf(null));
  }

  get n(): number {
    return this.steps?.length ?? 0;
  }

  get verdicts(): Verdicts {
    return (listOf(this.#sheet.answers[this.question.name]) ?? []) as Verdicts;
  }

  /** Whether a step comes after the first error, where judging stops. */
  isLeftOut(i: number): boolean {
    const error = firstError(this.verdicts);
    return this.question.stop_at_first_error === true && error >= 0 && i > error;
  }

  get nJudged(): number {
    return this.verdicts.filter((verdict, i) => verdict !== null || this.isLeftOut(i)).length;
  }

  go(direction: 1 | -1): void {
    const to = Math.max(0, Math.min(this.n - 1, this.at + direction));
    if (!this.isLeftOut(to)) this.at = to;
  }

  /** Goes to the step whose verdict undo or redo has changed. */
  follow(): void {
    const place = this.#followed.take(this.verdicts);
    if (place >= 0 && place < this.n) this.at = place;
  }

  /** Judges a step and goes to the next one without a verdict; says whether there is one. */
  judge(i: number, verdict: Verdict): boolean {
    const isSame = this.verdicts[i] === verdict;
    const next = judged(this.verdicts, this.n, i, isSame ? null : verdict, this.question.stop_at_first_error === true);
    this.#sheet.answer(this.question.name, next.every((one) => one === null) ? undefined : next);
    this.#followed.keep(this.verdicts);
    this.at = i;
    if (isSame) return true;
    const later = this.verdicts.findIndex((one, at) => at > i && one === null && !this.isLeftOut(at));
    const open = later >= 0 ? later : this.verdicts.findIndex((one, at) => one === null && !this.isLeftOut(at));
    if (open >= 0) this.at = open;
    return open >= 0;
  }

  /** Says of a list without steps that there is nothing to judge. */
  setNothing(): void {
    this.#sheet.answer(this.question.name, []);
  }
}

/** The steps that a field lists; a list may be empty. */
export function stepsIn(value: unknown): Candidate[] | null {
  return Array.isArray(value) && value.length === 0 ? [] : listedIn(value);
}

export function stepsView(sheet: Sheet, question: StepsQuestion): StepsView {
  return sheet.shared(question.name, () => new StepsView(question, sheet));
}
