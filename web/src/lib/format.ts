/** Numbers and times as people read them. */
import { language } from '../i18n';

/** What makes a formatter once for each language: making one costs more than to use it a hundred times. */
function perLanguage<T>(make: (tag: string) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const tag = language();
    const formatter = made.get(tag) ?? make(tag);
    made.set(tag, formatter);
    return formatter;
  };
}

const whole = perLanguage((tag) => new Intl.NumberFormat(tag));
const toHundredths = perLanguage((tag) => new Intl.NumberFormat(tag, { maximumFractionDigits: 2 }));
const oneDecimal = perLanguage((tag) => new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 }));
const compactNumber = perLanguage((tag) => new Intl.NumberFormat(tag, { notation: 'compact', maximumFractionDigits: 1 }));
const languageNamer = perLanguage((tag) => new Intl.DisplayNames(tag, { type: 'language', fallback: 'code' }));
const anyOf = perLanguage((tag) => new Intl.ListFormat(tag, { type: 'disjunction' }));
const exactTime = perLanguage((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'long' }));
const dayOf = perLanguage((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'long' }));
const shortDayOf = perLanguage((tag) => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' }));
const timeOf = perLanguage((tag) => new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' }));
const relative = perLanguage((tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto', style: 'short' }));

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/** `1180` as `1,180`. */
export const number = (n: number): string => whole().format(n);

/** A number to two decimals at most: `0.5`, `2`. */
export const decimal = (n: number): string => toHundredths().format(n);

/** `1180` as `1.2K`. */
export const compact = (n: number): string => compactNumber().format(n);

/** A share in [0, 1] as a percentage with `digits` decimals. */
/** What a language is called, such as German for `de`. */
export const languageName = (code: string): string => languageNamer().of(code) ?? code;

/** One language or another. */
export const languageNames = (codes: readonly string[]): string => anyOf().format(codes.map(languageName));

export function percent(share: number, digits = 0): string {
  return new Intl.NumberFormat(language(), {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share);
}

/** A coefficient such as Krippendorff's alpha. */
export function coefficient(value: number): string {
  return new Intl.NumberFormat(language(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
}

/** A difference of two shares, with its sign: `+12.5%`. */
export function difference(value: number): string {
  return `${value > 0 ? '+' : ''}${percent(value, 1)}`;
}

/** A share with the ends of its interval: `94.1% (93.2–94.9%)`; without them, the share alone. */
export function shareWithin(share: number, low: number | null, high: number | null): string {
  if (low === null || high === null) return percent(share, 1);
  return `${percent(share, 1)} (${oneDecimal().format(low * 100)}–${percent(high, 1)})`;
}

const MICROS = 1_000_000;

/** Millionths of a currency as money, with as many decimals as they have, two at least. */
export function money(micros: number, currency: string): string {
  const shown = { style: 'currency', currency, currencyDisplay: 'narrowSymbol', minimumFractionDigits: 2 } as const;
  return new Intl.NumberFormat(language(), { ...shown, maximumFractionDigits: Math.abs(micros) >= MICROS ? 2 : 4 }).format(micros / MICROS);
}

/** The exact instant of a time in microseconds. */
export const exact = (micros: number): string => exactTime().format(micros / 1000);

/** The day of a time in microseconds. */
export const day = (micros: number): string => dayOf().format(micros / 1000);

/** The day of a time in microseconds, as short as can be: `3 Nov`. */
export const shortDay = (micros: number): string => shortDayOf().format(micros / 1000);

/** A time in microseconds at an axis that spans `spanMicros`: the day, or the time of day where that is less than two. */
export const moment = (micros: number, spanMicros: number): string => (spanMicros < 2 * 86_400e6 ? timeOf() : shortDayOf()).format(micros / 1000);

/** A time in microseconds as seen from `nowMs`: `3 minutes ago`. */
export function ago(micros: number, nowMs: number): string {
  const seconds = (micros / 1000 - nowMs) / 1000;
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return relative().format(Math.round(seconds / size), unit);
  }
  return relative().format(Math.round(Math.min(0, seconds)), 'second');
}

/** Milliseconds of work as `0:42` or `1:02:42`. */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const start = hours > 0 ? `${String(hours)}:${two(minutes)}` : String(minutes);
  return `${start}:${two(seconds % 60)}`;
}

/** A number of bytes as `2.4 MB`. */
export function bytes(n: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  let size = n;
  let step = 0;
  while (size >= 1000 && step < units.length - 1) {
    size /= 1000;
    step += 1;
  }
  return new Intl.NumberFormat(language(), {
    style: 'unit',
    unit: units[step] ?? 'byte',
    unitDisplay: 'short',
    maximumFractionDigits: size < 10 && step > 0 ? 1 : 0,
  }).format(size);
}
