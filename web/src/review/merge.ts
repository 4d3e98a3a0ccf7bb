/** Puts several answers to one question together: what any of them has, or what all of them have. */
import type { Answer, Question } from '../api';
import { sortedJson } from '../lib/same';

/** Types whose answers are lists of things that stand on their own. */
const LISTS = new Set(['choices', 'taxonomy', 'spans', 'relations', 'boxes', 'polygons', 'masks', 'keypoints', 'audio_regions', 'document_regions', 'table_cells']);

/** Whether answers to a question can be merged part by part. */
export const canMerge = (question: Question): boolean => LISTS.has(question.type);

const parts = (answer: Answer | undefined | null): unknown[] => (Array.isArray(answer) ? (answer as unknown[]) : []);

/** What makes two parts the same region, whatever is said about it. */
function placeOf(part: unknown): string {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return sortedJson(part);
  return sortedJson(Object.fromEntries(Object.entries(part).filter(([name]) => !['text', 'attributes', 'hash'].includes(name))));
}

/**
 * All parts that any answer has, each once, in the order in which they first occur. Of regions with the same place and
 * label, about which different things are said, the first one stands: an answer may hold only one of them.
 */
export function union(answers: readonly (Answer | undefined | null)[]): unknown[] {
  const found = new Map<string, unknown>();
  for (const part of answers.flatMap(parts)) {
    const text = placeOf(part);
    if (!found.has(text)) found.set(text, part);
  }
  return [...found.values()];
}

/** A part that some answers have and others do not, with the places of those that have it. */
export interface DisputedPart {
  part: unknown;
  had: readonly number[];
}

/** The parts that not all answers have, in the order in which they first occur. */
export function disputed(answers: readonly (Answer | undefined | null)[]): DisputedPart[] {
  const found = new Map<string, { part: unknown; had: number[] }>();
  for (const [place, answer] of answers.entries()) {
    for (const part of parts(answer)) {
      const text = sortedJson(part);
      const known = found.get(text) ?? { part, had: [] };
      if (known.had.at(-1) !== place) known.had.push(place);
      found.set(text, known);
    }
  }
  return [...found.values()].filter(({ had }) => had.length < answers.length);
}

/** Whether an answer has a part. */
export function hasPart(answer: Answer | undefined | null, part: unknown): boolean {
  const text = sortedJson(part);
  return parts(answer).some((one) => sortedJson(one) === text);
}

/** An answer with a part, in the stead of what it says otherwise of the same place, or without it where it had it. */
export function toggled(answer: Answer | undefined | null, part: unknown): unknown[] {
  if (hasPart(answer, part)) return parts(answer).filter((one) => sortedJson(one) !== sortedJson(part));
  const place = placeOf(part);
  return [...parts(answer).filter((one) => placeOf(one) !== place), part];
}

/** The parts that all answers have. */
export function intersection(answers: readonly (Answer | undefined | null)[]): unknown[] {
  const [first, ...others] = answers.map((answer) => parts(answer).map((part) => ({ part, text: sortedJson(part) })));
  return (first ?? []).filter(({ text }) => others.every((other) => other.some((one) => one.text === text))).map(({ part }) => part);
}
