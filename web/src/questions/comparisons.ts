/** Comparisons: which of the two stands on which side, and how a press changes the answer. */
import type { Answer, ComparisonQuestion } from '../api';
import { drawn } from './candidates';
import { objectOf } from './values';

export type Side = 'a' | 'b';
export type Preferred = Side | 'tie' | 'both_bad';

export interface Comparison {
  preferred?: Preferred;
  strength?: number;
  acceptable?: Partial<Record<Side, boolean>>;
  first?: Side;
}

export const other = (side: Side): Side => (side === 'a' ? 'b' : 'a');

export function comparisonOf(answer: Answer | undefined): Comparison {
  return (objectOf(answer) ?? {});
}

/** Which one stands first (left): as it stood when it was answered, else drawn for this person and item. */
export function firstOf(question: ComparisonQuestion, answer: Answer | undefined, seed: string): Side {
  const { first } = comparisonOf(answer);
  return first === 'a' || first === 'b' ? first : drawn(`${seed}:${question.name}`) % 2 === 0 ? 'a' : 'b';
}

/** `answer` with another preference. Picking a side again makes it stronger, and after the strongest the weakest. */
export function preferring(question: ComparisonQuestion, answer: Comparison, preferred: Preferred, first: Side, strength?: number): Comparison {
  const most = question.strength ?? 0;
  const before = answer.preferred === preferred ? (answer.strength ?? 0) : 0;
  const changed: Comparison = { preferred, first };
  if (most > 0 && (preferred === 'a' || preferred === 'b')) changed.strength = strength ?? (before % most) + 1;
  if (preferred === 'both_bad' && question.acceptability === true) changed.acceptable = { a: false, b: false };
  else if (answer.acceptable !== undefined) changed.acceptable = answer.acceptable;
  return changed;
}

/** `answer` with the acceptability of one side set, or turned round. */
export function accepting(answer: Comparison, side: Side, first: Side): Comparison {
  return { ...answer, acceptable: { ...answer.acceptable, [side]: answer.acceptable?.[side] !== true }, first };
}
