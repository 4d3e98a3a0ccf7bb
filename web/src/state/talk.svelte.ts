/** Comments at the labelling screen: how many are open, and what is written and not sent yet. */
import type { Anchor, Thread } from '../api';
import { newId } from '../lib/ids';
import type { Subject } from './work.svelte';

/** Where a comment goes: a new one on an item, or a reply in a thread of it. */
export interface Place {
  item: string;
  /** What the item is called, for who has gone on to another one. */
  name: string;
  thread: string | null;
}

export interface Draft extends Place {
  text: string;
  anchor: Anchor | null;
}

const isAt = (draft: Place, { item, thread }: Pick<Place, 'item' | 'thread'>): boolean => draft.item === item && draft.thread === thread;

/** What is written in comments and has not arrived: it stays here, and goes out again under the same id. */
export class CommentDrafts {
  #drafts = $state.raw<readonly Draft[]>([]);
  readonly #ids = new Map<string, { text: string; id: string }>();

  at(place: Pick<Place, 'item' | 'thread'>): Draft | undefined {
    return this.#drafts.find((draft) => isAt(draft, place));
  }

  write(place: Place, text: string, anchor: Anchor | null = null): void {
    const others = this.#drafts.filter((draft) => !isAt(draft, place));
    this.#drafts = text === '' ? others : [...others, { ...place, text, anchor }];
  }

  /** What is written on other items than this one. */
  elsewhere(item: string): readonly Draft[] {
    return this.#drafts.filter((draft) => draft.item !== item && draft.text.trim() !== '');
  }

  /** Whether anything is written that nobody else has. */
  get hasAny(): boolean {
    return this.#drafts.some(({ text }) => text.trim() !== '');
  }

  /** The id under which these words go out: the same one when they are sent again after a failure. */
  idOf({ item, thread }: Pick<Place, 'item' | 'thread'>, text: string): string {
    const place = `${item}|${thread ?? ''}`;
    const known = this.#ids.get(place);
    if (known?.text === text) return known.id;
    const id = newId();
    this.#ids.set(place, { text, id });
    return id;
  }

  /** The comment has arrived: the same words once more would be another comment. */
  sent(place: Pick<Place, 'item' | 'thread'>): void {
    this.#drafts = this.#drafts.filter((draft) => !isAt(draft, place));
    this.#ids.delete(`${place.item}|${place.thread ?? ''}`);
  }
}

const drafts = new Map<string, CommentDrafts>();

/** What one person has written in a project and not sent, also after they had another page open. */
export function draftsOf(person: string, vault: string, project: string): CommentDrafts {
  const place = [person, vault, project].join('|');
  const found = drafts.get(place) ?? new CommentDrafts();
  drafts.set(place, found);
  return found;
}

export class Talk {
  isOpen = $state(false);
  readonly drafts: CommentDrafts;
  /** How many comments were open on an item when it was last asked. */
  #known = $state.raw<Readonly<Record<string, number>>>({});
  readonly #load: (item: string) => Promise<readonly Pick<Thread, 'state'>[]>;
  readonly #asked = new Set<string>();

  constructor(own: CommentDrafts, load: (item: string) => Promise<readonly Pick<Thread, 'state'>[]>) {
    this.drafts = own;
    this.#load = load;
  }

  /** How many comments on an item are open; null where it is not known yet. */
  nOpen({ item_id, n_open_threads }: Pick<Subject, 'item_id' | 'n_open_threads'>): number | null {
    return this.#known[item_id] ?? n_open_threads ?? null;
  }

  note(item: string, threads: readonly Pick<Thread, 'state'>[]): void {
    this.#known = { ...this.#known, [item]: threads.filter(({ state }) => state === 'open').length };
  }

  /** Asks for what no lease has told, once for an item; without an answer nothing is said. */
  async look(item: string): Promise<void> {
    if (this.#asked.has(item)) return;
    this.#asked.add(item);
    try {
      this.note(item, await this.#load(item));
    } catch {
      this.#asked.delete(item);
    }
  }
}
