/** Parts of answers and payloads that may be anything: what they are, or null. */

/** A number that every reader of JSON keeps. */
export const finiteNumber = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : null;

export const wholeNumber = (value: unknown): number | null => (Number.isSafeInteger(value) ? (value as number) : null);

/** A number to two decimals, halves up, as the server rounds. */
export function rounded(value: unknown): number | null {
  const number = finiteNumber(value);
  return number === null || Number.isInteger(number) ? number : finiteNumber(Math.floor(number * 100 + 0.5) / 100);
}

export const listOf = (value: unknown): readonly unknown[] | null => (Array.isArray(value) ? (value as unknown[]) : null);

export function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
}
