/** Rubrics: the criteria of an item, and the score that their levels make. */
import type { Answer, Criterion, CriterionKind, Payload, RubricQuestion } from '../api';
import { lengthOf } from './texts';
import { finiteNumber, listOf, objectOf, wholeNumber } from './values';

export type FullCriterion = Required<Criterion>;
export type Levels = Readonly<Record<string, number | null>>;

const KINDS: readonly CriterionKind[] = ['credit', 'gate', 'penalty'];
const MOST = 200;
const MOST_LEVELS = 100;
const MOST_WEIGHT = 1_000_000;
const LONGEST_NAME = 200;
const LONGEST_LABEL = 500;
const LONGEST_HELP = 10_000;
// What a person could not read: controls, lone surrogates, line ends.
const UNSEEN = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u;

function isReadable(text: string, longest: number): boolean {
  return text !== '' && lengthOf(text) <= longest && text.trim() === text && !UNSEEN.test(text);
}

function criterionOf(entry: unknown, place: number): FullCriterion | null {
  const parts = objectOf(entry);
  if (parts === null) return null;
  const name = 'name' in parts ? parts['name'] : String(place + 1);
  const label = 'label' in parts ? parts['label'] : parts['text'];
  const weight = 'weight' in parts ? finiteNumber(parts['weight']) : 1;
  const levels = 'levels' in parts ? wholeNumber(parts['levels']) : 1;
  const kind = 'kind' in parts ? KINDS.find((one) => one === parts['kind']) : 'credit';
  const help = parts['help'] ?? null;
  if (typeof name !== 'string' || typeof label !== 'string' || (help !== null && typeof help !== 'string')) return null;
  if (weight === null || weight <= 0 || weight > MOST_WEIGHT || levels === null || levels < 1 || levels > MOST_LEVELS || kind === undefined) return null;
  if (!isReadable(name, LONGEST_NAME) || !isReadable(label.trim(), LONGEST_LABEL) || lengthOf(help ?? '') > LONGEST_HELP) return null;
  return { name, label: label.trim(), help, weight, kind, levels, not_applicable: parts['not_applicable'] === true };
}

/** The criteria that an item is graded by; null where its field lists none that can be used. */
export function criteriaOf(question: RubricQuestion, payload: Payload): FullCriterion[] | null {
  const { criteria, criteria_field: field } = question;
  const full = (one: Criterion): FullCriterion => ({
    name: one.name, label: one.label, help: one.help ?? null, weight: one.weight ?? 1, kind: one.kind ?? 'credit', levels: one.levels ?? 1, not_applicable: one.not_applicable === true,
  });
  if (field === null || field === undefined) return (criteria ?? []).map(full);
  const listed = listOf(payload[field]);
  if (listed === null || listed.length === 0 || listed.length > MOST) return null;
  const found = listed.map(criterionOf);
  if (found.includes(null)) return null;
  const all = found as FullCriterion[];
  return new Set(all.map(({ name }) => name)).size === all.length ? all : null;
}

export const levelsOf = (answer: Answer | undefined): Levels => (objectOf(answer) ?? {}) as Levels;

/** How a score comes about. */
export interface Score {
  /** In [0, 1]. */
  score: number;
  /** The gates that are not met; with one of them the score is 0. */
  failed: FullCriterion[];
  /** The weight of credit that is gained, and how much there was of what has a level. */
  gained: number;
  whole: number;
  /** The weight of penalties. */
  lost: number;
  /** How many criteria have no level yet. */
  nOpen: number;
}

/** The score of the levels so far; what does not apply, or is not graded yet, counts for nothing. */
export function scoreOf(criteria: readonly FullCriterion[], levels: Levels): Score {
  const found: Score = { score: 0, failed: [], gained: 0, whole: 0, lost: 0, nOpen: 0 };
  for (const criterion of criteria) {
    const level = levels[criterion.name];
    if (level === undefined) found.nOpen += 1;
    if (level === undefined || level === null) continue;
    const share = level / criterion.levels;
    if (criterion.kind === 'gate' && share < 1) found.failed.push(criterion);
    if (criterion.kind === 'credit') {
      found.whole += criterion.weight;
      found.gained += criterion.weight * share;
    } else if (criterion.kind === 'penalty') found.lost += criterion.weight * share;
  }
  const { whole, gained, lost } = found;
  const score = whole > 0 ? (gained - lost) / whole : 1 - Math.min(1, lost);
  found.score = found.failed.length > 0 ? 0 : Math.min(1, Math.max(0, score));
  return found;
}
