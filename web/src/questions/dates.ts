/** Dates of an answer's precision: the same reading as the server's. */
import type { DateQuestion } from '../api';

export type Precision = NonNullable<DateQuestion['precision']>;

/** How many characters of `2024-02-29T18:30` each precision keeps. */
const LENGTHS: Record<Precision, number> = { year: 4, month: 7, day: 10, minute: 16 };
const ISO = /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ]([0-9]{2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?)?)?)?$/;

export const precisionOf = (question: DateQuestion): Precision => question.precision ?? 'day';

/** A date as it is written in this precision. */
export const sampleOf = (precision: Precision): string => '2024-02-29T18:30'.slice(0, LENGTHS[precision]);

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

function daysIn(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** The date cut to the precision; null for what is no date, or not precise enough. */
export function cut(text: string, precision: Precision): string | null {
  const found = ISO.exec(text);
  const length = LENGTHS[precision];
  if (found === null || text.length < length) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = found.slice(1).map((part: string | undefined) => (part === undefined ? undefined : Number(part)));
  const isDay = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!isDay || hour > 23 || minute > 59) return null;
  return text.slice(0, length).replace(' ', 'T');
}

/** The first and the last date that are allowed, cut to the precision. */
export function boundsOf(question: DateQuestion): { first: string | null; last: string | null } {
  const precision = precisionOf(question);
  const bound = (text: string | null | undefined) => (text ? cut(text, precision) : null);
  return { first: bound(question.earliest), last: bound(question.latest) };
}
