/** The things that are compared: the options of a question, or what a field of the item lists. */
import type { Option, Payload } from '../api';
import { listOf, objectOf, wholeNumber } from './values';

export interface Candidate {
  id: string;
  text: string;
}

interface Comparing {
  options?: readonly Option[] | null;
  field?: string | null;
}

const MOST = 100;

/** What a field lists: texts, or objects with a text and perhaps an id; null where it lists none, or an id twice. */
export function listedIn(value: unknown): Candidate[] | null {
  const found: Candidate[] = [];
  for (const [i, entry] of (listOf(value) ?? [null]).entries()) {
    const parts = objectOf(entry);
    const text = parts === null ? entry : parts['text'];
    const id = parts?.['id'] ?? i + 1;
    if (typeof text !== 'string' || (typeof id !== 'string' && wholeNumber(id) === null)) return null;
    found.push({ id: typeof id === 'string' ? id : String(wholeNumber(id)), text });
  }
  return new Set(found.map(({ id }) => id)).size === found.length ? found : null;
}

/** The candidates of an item in their order; null where there are none that could be compared. */
export function candidatesOf(question: Comparing, payload: Payload): Candidate[] | null {
  const { field } = question;
  if (field === null || field === undefined) return (question.options ?? []).map(({ value, label }) => ({ id: value, text: label }));
  const found = listedIn(payload[field]);
  return found !== null && found.length >= 2 && found.length <= MOST ? found : null;
}

/** `list` in an order that follows from `seed` alone, so that no place in the list is favoured. */
export function shuffled<T>(list: readonly T[], seed: string): T[] {
  let state = drawn(seed);
  const found = [...list];
  for (let i = found.length - 1; i > 0; i -= 1) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    const other = ((state ^ (state >>> 13)) >>> 0) % (i + 1);
    [found[i], found[other]] = [found[other] as T, found[i] as T];
  }
  return found;
}

/** A whole number from 0 to 2³² - 1 that follows from `seed` (FNV-1a, its bits mixed once more). */
export function drawn(seed: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(seed)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
