/** A tree of options laid out in the order in which it is read, and searched. */
import type { OptionNode } from '../api';

/** Above this many, options are a list that is searched instead of buttons. */
export const MOST_BUTTONS = 30;

export interface TreePlace {
  node: OptionNode;
  /** The values from the root. */
  path: readonly string[];
  /** The place of the option above it, or -1. */
  parent: number;
  /** The place after the last option below it. */
  end: number;
  /** Its place among those beside it, from 1, and how many they are. */
  nth: number;
  nBeside: number;
}

const known = new WeakMap<readonly OptionNode[], TreePlace[]>();
const searched = new WeakMap<readonly OptionNode[], { own: string; whole: string }[]>();

/** Every option in the order of the tree; laid out once for a question, however many items ask it. */
export function placesOf(options: readonly OptionNode[]): TreePlace[] {
  const before = known.get(options);
  if (before !== undefined) return before;
  const found: TreePlace[] = [];
  const add = (siblings: readonly OptionNode[], above: readonly string[], parent: number): void => {
    for (const [i, node] of siblings.entries()) {
      const place: TreePlace = { node, path: [...above, node.value], parent, end: 0, nth: i + 1, nBeside: siblings.length };
      const at = found.push(place) - 1;
      add(node.options ?? [], place.path, at);
      place.end = found.length;
    }
  };
  add(options, [], -1);
  known.set(options, found);
  return found;
}

/** Whether there are options below it. */
export const hasBelow = (place: TreePlace): boolean => (place.node.options ?? []).length > 0;

/** What the options above `at` are called, from the root. */
export function labelsAbove(places: readonly TreePlace[], at: number): string[] {
  const found: string[] = [];
  for (let above = places[at]?.parent ?? -1; above >= 0; above = places[above]?.parent ?? -1) found.unshift(places[above]?.node.label ?? '');
  return found;
}

/** Letters without case and accents, so that `muller` finds Müller. */
const plain = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/**
 * The places of what a search finds: each word is in an option's name, value or help or in that of one above it, and
 * one of them is its own. Names that begin with what was typed come first.
 */
export function search(options: readonly OptionNode[], query: string): number[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const places = placesOf(options);
  const texts = searched.get(options) ?? textsOf(places);
  searched.set(options, texts);
  const found: { at: number; rank: number }[] = [];
  for (const [at, { own, whole }] of texts.entries()) {
    if (!words.every((word) => whole.includes(word)) || !words.some((word) => own.includes(word))) continue;
    const first = words[0] ?? '';
    found.push({ at, rank: own.startsWith(first) ? 0 : own.includes(` ${first}`) ? 1 : 2 });
  }
  return found.sort((a, b) => a.rank - b.rank || a.at - b.at).map(({ at }) => at);
}

function textsOf(places: readonly TreePlace[]): { own: string; whole: string }[] {
  const texts: { own: string; whole: string }[] = [];
  for (const { node, parent } of places) {
    const own = plain([node.label, node.value, node.help ?? ''].join(' '));
    texts.push({ own, whole: `${texts[parent]?.whole ?? ''} ${own}` });
  }
  return texts;
}
