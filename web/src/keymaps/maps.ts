/** Maps of keys: those that people bring from other programs, and their own. What a map leaves out is as in Goldsmith. */
import type { Preferences } from '../api';
import { ACTION_IDS, ACTIONS, type ActionId } from './actions';

export const MAPS = ['goldsmith', 'label-studio', 'cvat', 'prodigy', 'own'] as const;
export type MapName = (typeof MAPS)[number];
export type KeyMap = Partial<Record<string, readonly string[]>>;

const OF_OTHERS: Record<Exclude<MapName, 'own'>, Partial<Record<ActionId, readonly string[]>>> = {
  goldsmith: {},
  'label-studio': {
    'label.submit': ['alt+Enter'],
    'label.skip': ['mod+ '],
    'label.previous': ['shift+ArrowUp'],
    'label.leave': ['shift+ArrowDown'],
    'regions.unselect': ['Escape', 'u'],
  },
  cvat: {
    'label.submit': ['mod+s'],
    'label.previous': ['d'],
    'label.leave': ['f'],
    'app.keys': ['F1', '?'],
  },
  prodigy: {
    'label.submit': ['a', 'Enter'],
    'label.skip': [' '],
    'label.previous': ['Backspace'],
    'label.nextQuestion': [],
    'regions.remove': ['Delete'],
  },
};

/** The keys of each action that has others than in Goldsmith's map. */
export function mapOf({ key_map: name = 'goldsmith', own_keys: own = {} }: Preferences): KeyMap {
  return name === 'own' ? own : OF_OTHERS[name];
}

/** The keys that an action has under a map. */
export const keysUnder = (map: KeyMap, id: ActionId): readonly string[] => map[id] ?? ACTIONS[id].keys;

/** The keys that more than one action has under a map, with those actions. */
export function clashesOf(map: KeyMap): Map<string, ActionId[]> {
  const users = new Map<string, ActionId[]>();
  for (const id of ACTION_IDS) for (const key of keysUnder(map, id)) users.set(key, [...(users.get(key) ?? []), id]);
  return new Map([...users].filter(([, ids]) => ids.length > 1));
}

/** An own map in which `id` has these keys and no other; with null, those of Goldsmith. */
export function withKeys(own: KeyMap, id: ActionId, keys: readonly string[] | null): Record<string, string[]> {
  const made: Record<string, string[]> = {};
  for (const [name, theirs] of Object.entries(own)) if (name !== id && theirs !== undefined) made[name] = [...theirs];
  if (keys !== null && keys.join('\n') !== ACTIONS[id].keys.join('\n')) made[id] = [...keys];
  return made;
}
