/** What the panel and the two sides of a comparison share: which stands where, and how they are shown. */
import type { ComparisonQuestion } from '../api';
import { t } from '../i18n';
import { accepting, comparisonOf, firstOf, other, preferring, type Comparison, type Preferred, type Side } from './comparisons';
import type { Sheet } from './kind';

export class ComparisonView {
  /** Whether both sides scroll together. */
  isSynced = $state(true);
  /** Whether it is marked what only one of both says. */
  isDiff = $state(false);
  readonly question: ComparisonQuestion;
  readonly #sheet: Sheet;
  /** Which one stands on the left, for as long as the item is open. */
  readonly first: Side;

  constructor(question: ComparisonQuestion, sheet: Sheet) {
    this.question = question;
    this.#sheet = sheet;
    this.first = firstOf(question, sheet.answers[question.name], sheet.seed);
  }

  get answer(): Comparison {
    return comparisonOf(this.#sheet.answers[this.question.name]);
  }

  get sides(): readonly [left: Side, right: Side] {
    return [this.first, other(this.first)];
  }

  /** What a person calls a side: by where it stands. */
  name(side: Side): string {
    const isFirst = side === this.first;
    // On a phone they stand one below the other.
    if (matchMedia('(width <= 40rem)').matches) return isFirst ? t('comparison.upper') : t('comparison.lower');
    return isFirst ? t('comparison.left') : t('comparison.right');
  }

  prefer(preferred: Preferred, strength?: number): void {
    this.#sheet.answer(this.question.name, preferring(this.question, this.answer, preferred, this.first, strength));
  }

  accept(side: Side): void {
    this.#sheet.answer(this.question.name, accepting(this.answer, side, this.first));
  }

  /** The answer in words, by where things stand. */
  get text(): string {
    const { preferred, strength } = this.answer;
    if (preferred === undefined) return '';
    if (preferred === 'tie' || preferred === 'both_bad') return t(`comparison.${preferred}`);
    const better = t('comparison.better', { name: this.name(preferred) });
    return strength === undefined ? better : t('comparison.strong', { better, n: strength, most: this.question.strength ?? 0 });
  }
}

export function comparisonView(sheet: Sheet, question: ComparisonQuestion): ComparisonView {
  return sheet.shared(question.name, () => new ComparisonView(question, sheet));
}

/** An answer in words, by its candidates: A is the one that the question names first. */
export function preferenceText(question: ComparisonQuestion, { preferred, strength }: Comparison): string {
  if (preferred === undefined) return '';
  if (preferred === 'tie' || preferred === 'both_bad') return t(`comparison.${preferred}`);
  const better = t('comparison.better', { name: preferred.toUpperCase() });
  return strength === undefined ? better : t('comparison.strong', { better, n: strength, most: question.strength ?? 0 });
}
