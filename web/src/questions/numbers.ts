/** Numbers as people write them and as answers keep them. */

/** Whether JSON keeps it exactly: finite, and where it is whole, not too large. */
export const isKept = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));

const WRITTEN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;
const ZEROS = [0x660, 0x6f0, 0x966];

/** Digits of other scripts and widths, and signs that look like a minus, as ASCII. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\u2212\u2013]/g, '-')
    .replaceAll(/[\u066b]/g, '.')
    .replaceAll(/\p{Nd}/gu, (digit) => {
      const point = digit.codePointAt(0) ?? 0;
      const zero = ZEROS.find((start) => point >= start && point < start + 10);
      return zero === undefined ? digit : String(point - zero);
    })
    .trim();
}

/**
 * The number that somebody wrote, or null. A comma is a decimal comma where it can be nothing else: `2,5`, but not
 * `1,000`, which means one thing in Berlin and another in London.
 */
export function numberFrom(written: string): number | null {
  let text = plain(written);
  if (/^[+-]?\d*,(?:\d{1,2}|\d{4,})$/.test(text)) text = text.replace(',', '.');
  if (!WRITTEN.test(text)) return null;
  const found = Number(text);
  return Number.isFinite(found) ? found + 0 : null;
}

/** `value` on the grid of `step` from `start`, without the dust of binary fractions. */
export const tidy = (value: number): number => Number(value.toPrecision(12));
