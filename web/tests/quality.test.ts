/** What the quality page reads out of a plan, and how it says it. */
import { expect, test } from 'vitest';
import type { Measure, Plan, Skill, Spending, SpendingPoint } from '../src/api';
import { money, shareWithin } from '../src/lib/format';
import { linear, ticks } from '../src/lib/scales';
import { reviewChoices } from '../src/quality/choices';
import { answersFor, costs, readPlan } from '../src/quality/plans';
import { pullOf } from '../src/quality/pulls';
import { ordered } from '../src/quality/skills';
import { foretold, reached } from '../src/quality/words';

const NOV_3 = Date.UTC(2026, 10, 3, 12) * 1000;
const PLAN: Plan = {
  at: NOV_3,
  n_answers: 1000,
  note: '',
  points: [
    { n_answers: 1000, accuracy: 0.9, low: 0.89, high: 0.91 },
    { n_answers: 1200, accuracy: 0.93, low: 0.918, high: 0.942 },
    { n_answers: 2000, accuracy: 0.95, low: 0.93, high: 0.97 },
  ],
};
const point = (n_answers: number, n_certain: number, expected_accuracy: number | null = 0.934): SpendingPoint => ({
  at: NOV_3 + n_answers, n_answers, n_certain, n_items: 1000, expected_accuracy,
});
const spending = (price_micros: number | null): Spending => ({ price_micros, currency: 'EUR', points: [], by_answers: [], plan: PLAN, earlier: null });
const audit = (value: number | null): Measure => ({
  question: '', name: 'accuracy', value, low: value === null ? null : 0.901, high: value === null ? null : 0.949, n: 200, note: '',
});

test('a plan is read between its points by straight lines', () => {
  expect(readPlan(PLAN, 1100)).toMatchObject({ nAnswers: 1100, accuracy: expect.closeTo(0.915) as number, low: expect.closeTo(0.904) as number, high: expect.closeTo(0.926) as number, reach: 'within' });
  expect(readPlan(PLAN, 1200)).toMatchObject({ accuracy: 0.93, reach: 'within' });
  expect(readPlan(PLAN, 1000)).toMatchObject({ accuracy: 0.9, reach: 'within' });
});

test('outside its points a plan says its nearest point, and that it is outside', () => {
  expect(readPlan(PLAN, 10)).toMatchObject({ nAnswers: 1000, accuracy: 0.9, reach: 'before' });
  expect(readPlan(PLAN, 2001)).toMatchObject({ nAnswers: 2000, accuracy: 0.95, reach: 'beyond' });
  expect(readPlan({ ...PLAN, points: [] }, 1000)).toBeNull();
});

test('a budget buys whole answers, without losing one to rounding', () => {
  expect(answersFor(500, 50_000)).toBe(10_000);
  expect(answersFor(0.3, 100_000)).toBe(3);
  expect(answersFor(0.29, 100_000)).toBe(2);
});

test('the cost of a certain item is that of all answers; without a price answers are counted', () => {
  const points = [point(100, 0), point(200, 50), point(300, 100)];
  expect(costs(points, 50_000).map(({ cost }) => cost)).toEqual([200_000, 150_000]);
  expect(costs(points, null).map(({ cost }) => cost)).toEqual([4, 3]);
});

test('a budget is answered in a sentence', () => {
  const nMore = answersFor(10, 50_000);
  const reading = readPlan(PLAN, 1000 + nMore)!;
  expect(reached({ amount: 10, nMore, reading, spending: spending(50_000) })).toBe('With €10.00 more (200 answers): 93.0% (91.8–94.2%)');
  expect(reached({ amount: 200, nMore: 200, reading, spending: spending(null) })).toBe('With 200 more answers: 93.0% (91.8–94.2%)');
  const beyond = readPlan(PLAN, 9000)!;
  expect(reached({ amount: 8000, nMore: 8000, reading: beyond, spending: spending(null) })).toContain('The plan ends at 2,000 answers');
});

test('what was foretold stands beside what came, at the same number of answers', () => {
  expect(foretold(PLAN, [point(1000, 10), point(1200, 100)], audit(0.928))).toBe(
    'Foretold on Nov 3 for 1,200 answers: 93.0% (91.8–94.2%). Now, after 1,200: 93.4%. Audit: 92.8% (90.1–94.9%).',
  );
  expect(foretold(PLAN, [point(1200, 100, null)], audit(null))).toContain('Now, after 1,200: unknown. Audit: not estimated.');
  expect(foretold(PLAN, [], audit(null))).toBe('');
});

test('ticks are round, inside, and about as many as wanted', () => {
  expect(ticks(0.75, 1, 5)).toEqual([0.75, 0.8, 0.85, 0.9, 0.95, 1]);
  expect(ticks(400, 3800, 4)).toEqual([1000, 2000, 3000]);
  expect(ticks(3, 3, 4)).toEqual([3]);
  expect([linear(0, 10, 100, 200)(5), linear(4, 4, 100, 200)(4)]).toEqual([150, 150]);
});

test('numbers are written with their intervals, and money with its cents', () => {
  expect(shareWithin(0.941, 0.932, 0.949)).toBe('94.1% (93.2–94.9%)');
  expect(shareWithin(0.941, null, null)).toBe('94.1%');
  expect([money(500_000_000, 'EUR'), money(50_000, 'EUR'), money(1_500, 'USD')]).toEqual(['€500.00', '€0.05', '$0.0015']);
});

test('keys of a question never take those that move through the suspects', () => {
  const options = ['a', 'b', 'c'].map((value) => ({ value, label: value.toUpperCase(), key: value === 'b' ? 'j' : null }));
  expect(reviewChoices({ type: 'choice', name: 'q', label: 'Q', options }).map(({ key }) => key)).toEqual(['1', '2', '3']);
  const many = Array.from({ length: 20 }, (_none, i) => ({ value: String(i), label: String(i) }));
  const keys = reviewChoices({ type: 'choice', name: 'q', label: 'Q', options: many }).map(({ key }) => key);
  expect(new Set(keys).size).toBe(20);
  expect(keys.filter((key) => key !== null && 'jkug?/'.includes(key))).toEqual([]);
});

test('warnings come first, and annotators of whom nothing is known last, whichever way round', () => {
  const row = (name: string, low: number | null, is_warning = false): Skill => ({
    annotator: { id: name, kind: 'person', name, version: null }, n_answers: 10, n_gold: 0, is_by_gold: false,
    accuracy: low, low, high: low, spammer_score: null, spammer_low: null, spammer_high: null, verdict: '', is_warning,
    median_s: null, is_far_in_speed: false, drift: null, drift_since: null, alike: [], confusion: [],
  });
  const rows = [row('good', 0.9), row('new', null), row('spammer', 0.6, true), row('poor', 0.5)];
  const names = (list: Skill[]) => list.map(({ annotator }) => annotator.name);
  expect(names(ordered(rows, 'verdict', false))).toEqual(['spammer', 'poor', 'good', 'new']);
  expect(names(ordered(rows, 'accuracy', true))).toEqual(['good', 'spammer', 'poor', 'new']);
});

test('a pull is spoken of only where its interval leaves no doubt about the direction', () => {
  expect(pullOf({ pull: 0.2, low: 0.05, high: 0.34 })).toBe('towards');
  expect(pullOf({ pull: 0.2, low: -0.01, high: 0.4 })).toBe('unclear');
  expect(pullOf({ pull: -0.2, low: -0.3, high: -0.1 })).toBe('away');
  expect(pullOf({ pull: null, low: null, high: null })).toBe('unmeasured');
});
