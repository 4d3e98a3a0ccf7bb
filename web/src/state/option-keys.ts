/** Which key picks which option: the one that the schema gives, else the next free digit, else a free letter. */
import type { Option } from '../api';

/** Keys of the labelling screen itself: skip, go to, previous, accept; comment; flag is kept for later. */
export const RESERVED: ReadonlySet<string> = new Set(['s', 'f', 'c', 'g', 'u', 'y']);
const FREE = Array.from('1234567890qwertyiopadhjklxvbnm');

/** A key for every option, in their order; null where none is left. `besides` are keys of the page itself. */
export function optionKeys(options: readonly Option[], besides: readonly string[] = []): (string | null)[] {
  const given = options.map((option) => option.key?.toLowerCase() ?? null).map((key) => (key !== null && besides.includes(key) ? null : key));
  const taken = new Set([...given, ...besides]);
  const free = FREE.filter((key) => !taken.has(key) && !RESERVED.has(key));
  return given.map((key) => key ?? free.shift() ?? null);
}

/** The number (1 to 12) of the colour of the `i`-th label. */
export const colourOf = (i: number): number => (i % 12) + 1;
