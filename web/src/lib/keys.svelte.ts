/** Which key does what: pages say it here, `?` lists it, and one listener carries it out. */

import { untrack } from 'svelte';

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  isComposing: boolean;
  keyCode: number;
  target: EventTarget | null;
  defaultPrevented: boolean;
  preventDefault(): void;
}

export interface Binding {
  /** What it is in maps of keys, which may give it others; without it, it has its own keys for ever. */
  action?: string;
  /** One or more of: a character, a name such as `Enter`, `mod+z`, or a chord such as `g i`. */
  keys: string[];
  /** What it does, in words. */
  text: string;
  group: string;
  run: () => void;
  /** Works while something is written in an input, too; with `answer` only where what is written is an answer. */
  whileTyping?: boolean | 'answer';
  /** Leaves Enter and Space to the button or link that has the focus. */
  yieldsToControls?: boolean;
}

/** Whose keys win: those of the page, of a question beside the active one, of the active one, of what lies above. */
export const LEVELS = { page: 0, beside: 1, active: 2, above: 3 } as const;
export type Level = keyof typeof LEVELS;

interface Layer {
  bindings: Binding[];
  level: Level;
}

const CHORD_MS = 1200;
/** The code of keys that an input method takes, in browsers that tell so by nothing else. */
const COMPOSING = 229;

/** Whether a press belongs to an input method that composes, and to nobody else. */
export const isComposing = (press: Pick<Press, 'isComposing' | 'keyCode'>): boolean => press.isComposing || press.keyCode === COMPOSING;

/** Whether `target` takes text, so that letters belong to it. */
export function takesText(target: EventTarget | null): boolean {
  const element = target as { tagName?: string; type?: string; isContentEditable?: boolean } | null;
  if (element?.isContentEditable === true) return true;
  if (element?.tagName === 'INPUT') return !['checkbox', 'radio', 'button', 'submit', 'file', 'range'].includes(element.type ?? '');
  return element?.tagName === 'TEXTAREA' || element?.tagName === 'SELECT';
}

function worksIn(target: EventTarget | null, whileTyping: Binding['whileTyping']): boolean {
  return whileTyping === true || (whileTyping === 'answer' && (target as HTMLElement | null)?.hasAttribute('data-answer') === true);
}

/** Whether the element with the focus does something of its own with `key`. */
function uses(target: EventTarget | null, key: string): boolean {
  const tag = (target as { tagName?: string } | null)?.tagName;
  return tag === 'BUTTON' || tag === 'A' || tag === 'SUMMARY' || (tag === 'INPUT' && key !== 'Enter');
}

/** The name of what was pressed: `mod+z`, `mod+shift+z`, `Enter`, `?`, `a`. */
export function nameOf(press: Press): string {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  const isMod = press.ctrlKey || press.metaKey;
  if (!isMod && !press.altKey) return press.key.length === 1 || !press.shiftKey ? key : `shift+${key}`;
  return [isMod ? 'mod' : '', press.altKey ? 'alt' : '', press.shiftKey ? 'shift' : '', key].filter(Boolean).join('+');
}

export class Keys {
  /** The keys of actions that have others than their bindings say. */
  map = $state.raw<Partial<Record<string, readonly string[]>>>({});
  /** Whether the list of keys is open; while it is, no other key works. */
  isListOpen = $state(false);
  /** What is shown as `active`. Effects that end read state as it was before, so what counts is kept beside it. */
  #layers = $state.raw<readonly Layer[]>([]);
  #added: readonly Layer[] = [];
  #chord = '';
  #chordUntil = 0;
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Everything that works now, what wins first. While something lies above, the questions below it have no keys. */
  get active(): Binding[] {
    const hasAbove = this.#layers.some(({ level }) => level === 'above');
    const working = this.#layers.filter(({ level }) => !hasAbove || level === 'page' || level === 'above');
    return working
      .toReversed()
      .sort((a, b) => LEVELS[b.level] - LEVELS[a.level])
      .flatMap(({ bindings }) => bindings.map((binding) => this.#mapped(binding)));
  }

  /** The first key by which one of these actions is done now; not one that something else takes before it. */
  keyFor(...actions: string[]): string | undefined {
    const { active } = this;
    const wins = (binding: Binding) => binding.keys.find((key) => active.find(({ keys }) => keys.includes(key)) === binding);
    return actions.map((id) => active.filter(({ action }) => action === id).map(wins)[0]).find((key) => key !== undefined);
  }

  /** Adds bindings above all others of their level; returns how to take them away. */
  add(bindings: Binding[], level: Level = 'page'): () => void {
    const layer = { bindings, level };
    this.#set([...this.#added, layer]);
    return () => this.#set(this.#added.filter((other) => other !== layer));
  }

  #mapped(binding: Binding): Binding {
    const keys = binding.action === undefined ? undefined : this.map[binding.action];
    return keys === undefined ? binding : { ...binding, keys: [...keys] };
  }

  #set(layers: readonly Layer[]): void {
    this.#added = layers;
    // An effect that adds keys must not run again because keys were added.
    untrack(() => (this.#layers = layers));
  }

  /** Carries out what `press` is bound to; says whether it did. */
  handle(press: Press): boolean {
    if (isComposing(press) || press.defaultPrevented) return false;
    if (['Shift', 'Control', 'Alt', 'Meta'].includes(press.key)) return false;
    const name = nameOf(press);
    if (this.isListOpen) return this.#closeList(name, press);
    const chord = this.#chord !== '' && this.#now() < this.#chordUntil ? `${this.#chord} ${name}` : null;
    this.#chord = '';
    // Capitals are another key only where somebody asks for them.
    const capital = press.shiftKey && /^[a-z]$/.test(name) ? this.#find(`shift+${name}`, press) : undefined;
    const binding = capital ?? (chord === null ? undefined : this.#find(chord, press)) ?? this.#find(name, press);
    if (binding !== undefined) {
      press.preventDefault();
      binding.run();
      return true;
    }
    if (!takesText(press.target) && this.active.some(({ keys }) => keys.some((key) => key.startsWith(`${name} `)))) {
      this.#chord = name;
      this.#chordUntil = this.#now() + CHORD_MS;
    }
    return false;
  }

  #closeList(name: string, press: Press): boolean {
    if (name !== '?' && name !== 'F1') return false;
    press.preventDefault();
    this.isListOpen = false;
    return true;
  }

  #find(name: string, press: Press): Binding | undefined {
    return this.active.find((binding) => {
      if (!binding.keys.includes(name)) return false;
      if (takesText(press.target) && !worksIn(press.target, binding.whileTyping)) return false;
      return !(binding.yieldsToControls === true && uses(press.target, press.key));
    });
  }
}

export const keys = new Keys();
