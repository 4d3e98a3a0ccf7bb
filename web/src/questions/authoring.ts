/** Criteria while they are written. */
import type { CriterionKind, RubricAuthoringQuestion } from '../api';

export interface Authored {
  text: string;
  /** Null while nothing that is a number is written. */
  weight: number | null;
  kind: CriterionKind;
}

export const kindsOf = (question: RubricAuthoringQuestion): readonly CriterionKind[] => question.kinds ?? ['credit', 'gate', 'penalty'];

/** A new criterion after place `i`. */
export function added(list: readonly Authored[], i: number, kind: CriterionKind): Authored[] {
  return [...list.slice(0, i + 1), { text: '', weight: 1, kind }, ...list.slice(i + 1)];
}

export const removed = (list: readonly Authored[], i: number): Authored[] => list.filter((_one, at) => at !== i);

/** The criterion at place `i` one place up (-1) or down (1); unchanged at the ends. */
export function shifted(list: readonly Authored[], i: number, direction: 1 | -1): readonly Authored[] {
  const to = i + direction;
  const one = list[i];
  if (one === undefined || to < 0 || to >= list.length) return list;
  const without = removed(list, i);
  return [...without.slice(0, to), one, ...without.slice(to)];
}
