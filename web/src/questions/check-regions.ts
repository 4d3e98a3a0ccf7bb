/** What all answers of regions have in common when they are checked. */
import type { Answer, Answers, AttributeQuestion, Option, Payload } from '../api';
import { t } from '../i18n';
import { checkParts } from './attributes';
import type { Checked } from './kind';
import type { Region } from './regions.svelte';
import { shown } from './texts';

export const MOST_REGIONS = 10_000;

/** Lists are compared place by place. */
export type Sortable = number | string | readonly Sortable[];

export interface PlaceRules<R extends Region> {
  /** Whether the item has what is marked. */
  hasPlace: boolean;
  /** The keys that a region has to have besides its label. */
  keys: readonly string[];
  /** The keys that it may have. */
  further?: readonly string[];
  /** The place of a region in its normal form. */
  place: (raw: Record<string, unknown>) => Checked<Omit<R, 'label' | 'attributes'>>;
  /** What regions are sorted by; two of one label with the same are the same region. */
  order: (region: R) => readonly Sortable[];
}

interface RegionsQuestion {
  field: string;
  labels: readonly Option[];
  attributes?: readonly AttributeQuestion[];
}

/** By number, or by code point as the server compares texts. */
function compare(a: Sortable, b: Sortable): number {
  if (typeof a === 'object' && typeof b === 'object') return compareAll(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [one, other] = [Array.from(String(a)), Array.from(String(b))];
  for (let i = 0; i < Math.min(one.length, other.length); i += 1) {
    const difference = (one[i]?.codePointAt(0) ?? 0) - (other[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

export function compareAll(a: readonly Sortable[], b: readonly Sortable[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const difference = compare(a[i] ?? 0, b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** What was found about a region; regions are never changed in place, so it holds as long as question and item do. */
const verdicts = new WeakMap<object, { question: RegionsQuestion; payload: Payload; verdict: Checked<Region> }>();

function checkOnce<R extends Region>(question: RegionsQuestion, raw: unknown, payload: Payload, rules: PlaceRules<R>): Checked<R> {
  if (typeof raw !== 'object' || raw === null) return checkOne(question, raw, payload, rules);
  const known = verdicts.get(raw);
  if (known?.question === question && known.payload === payload) return known.verdict as Checked<R>;
  const verdict = checkOne(question, raw, payload, rules);
  verdicts.set(raw, { question, payload, verdict });
  return verdict;
}

function checkOne<R extends Region>(question: RegionsQuestion, raw: unknown, payload: Payload, rules: PlaceRules<R>): Checked<R> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { fault: t('fault.region', { value: shown(raw) }) };
  const parts = raw as Record<string, unknown>;
  const known = [...rules.keys, ...(rules.further ?? []), 'label', 'attributes'];
  if (!['label', ...rules.keys].every((key) => key in parts) || !Object.keys(parts).every((key) => known.includes(key))) return { fault: t('fault.region', { value: shown(raw) }) };
  const { label, attributes } = parts;
  if (typeof label !== 'string' || !question.labels.some(({ value }) => value === label)) return { fault: t('fault.option', { value: shown(label) }) };
  const place = rules.place(parts);
  if ('fault' in place) return place;
  if (attributes !== undefined && (typeof attributes !== 'object' || attributes === null || Array.isArray(attributes))) return { fault: t('fault.region', { value: shown(raw) }) };
  const about = checkParts(question.attributes ?? [], (attributes ?? {}) as Answers, payload, { label });
  if ('fault' in about) return about;
  const region = { ...place.answer, label, ...(Object.keys(about.answer).length === 0 ? {} : { attributes: about.answer }) };
  return { answer: region as unknown as R };
}

/** A list of regions in its normal form, sorted by place and label, or why it does not fit. */
export function checkRegions<R extends Region>(question: RegionsQuestion, answer: Answer, payload: Payload, rules: PlaceRules<R>): Checked<R[]> {
  if (!Array.isArray(answer)) return { fault: t('fault.list', { value: shown(answer) }) };
  const listed: unknown[] = answer;
  if (listed.length === 0) return { answer: [] };
  if (listed.length > MOST_REGIONS) return { fault: t('fault.tooMany', { n: listed.length, most: MOST_REGIONS }) };
  if (!rules.hasPlace) return { fault: t('fault.noPlace', { field: question.field }) };
  const rank = new Map(question.labels.map(({ value }, i) => [value, i]));
  const found: { region: R; by: readonly Sortable[]; place: number }[] = [];
  for (const [i, raw] of listed.entries()) {
    const verdict = checkOnce(question, raw, payload, rules);
    if ('fault' in verdict) return { fault: `${String(i + 1)}: ${verdict.fault}` };
    found.push({ region: verdict.answer, by: [...rules.order(verdict.answer), rank.get(verdict.answer.label) ?? 0], place: i + 1 });
  }
  found.sort((a, b) => compareAll(a.by, b.by));
  for (const [i, { by, place }] of found.entries()) {
    const before = found[i - 1];
    if (before !== undefined && compareAll(before.by, by) === 0) return { fault: t('fault.alike', { one: before.place, other: place }) };
  }
  return { answer: found.map(({ region }) => region) };
}
