/** What a plan says about a number of answers, and what money buys. */
import type { Plan, SpendingPoint } from '../api';

export interface Foretold {
  nAnswers: number;
  accuracy: number;
  low: number;
  high: number;
}

/** What is wanted lies beyond what the plan foretells. */
export type Reach = 'within' | 'before' | 'beyond';

export interface Reading extends Foretold {
  reach: Reach;
}

/** What the plan foretells after `nAnswers` in all, between its points by straight lines; null where it has no points. */
export function readPlan(plan: Plan, nAnswers: number): Reading | null {
  const first = plan.points[0];
  const last = plan.points.at(-1);
  if (first === undefined || last === undefined) return null;
  const point = (at: typeof first, reach: Reach): Reading => ({ nAnswers: at.n_answers, accuracy: at.accuracy, low: at.low, high: at.high, reach });
  if (nAnswers <= first.n_answers) return point(first, nAnswers < first.n_answers ? 'before' : 'within');
  if (nAnswers > last.n_answers) return point(last, 'beyond');
  const after = plan.points.findIndex((one) => one.n_answers >= nAnswers);
  const [a, b] = [plan.points[after - 1] ?? first, plan.points[after] ?? last];
  const share = (nAnswers - a.n_answers) / Math.max(1, b.n_answers - a.n_answers);
  const between = (from: number, to: number) => from + (to - from) * share;
  return {
    nAnswers,
    accuracy: between(a.accuracy, b.accuracy),
    low: between(a.low, b.low),
    high: between(a.high, b.high),
    reach: 'within',
  };
}

/** How many answers `amount` of a currency buys at `priceMicros` an answer. */
export function answersFor(amount: number, priceMicros: number): number {
  return Math.floor(Math.round(amount * 1_000_000) / priceMicros);
}

export interface CostPoint {
  at: number;
  /** Millionths of the currency for each certain item, or answers where there is no price. */
  cost: number;
}

/** What a certain item has cost, each time that was noted; nothing while no item is certain. */
export function costs(points: readonly SpendingPoint[], priceMicros: number | null): CostPoint[] {
  return points
    .filter(({ n_certain }) => n_certain > 0)
    .map(({ at, n_answers, n_certain }) => ({ at, cost: ((priceMicros ?? 1) * n_answers) / n_certain }));
}
