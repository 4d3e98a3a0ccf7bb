/** Comments that are written and not sent yet: kept sealed on this device until they have arrived. */
import type { Anchor } from '../api';
import { newId } from '../lib/ids';

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
  /** The words that it went out with, and under which id: it may have arrived without our hearing so. */
  tried?: { text: string; id: string };
}

/** Where drafts lie on this device; one without a text goes. */
export interface Notes {
  list: () => Promise<readonly Draft[]>;
  put: (draft: Draft) => Promise<void>;
}

const REST_MS = 500;
const isAt = (draft: Place, { item, thread }: Pick<Place, 'item' | 'thread'>): boolean => draft.item === item && draft.thread === thread;
const keyOf = ({ item, thread }: Pick<Place, 'item' | 'thread'>): string => `${item}|${thread ?? ''}`;

/** What is written in comments and has not arrived: it stays here, and goes out again under the same id. */
export class CommentDrafts {
  #drafts = $state.raw<readonly Draft[]>([]);
  readonly #notes: Notes | null;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** One write after the other: an earlier one must not undo a later one. */
  #written: Promise<void> = Promise.resolve();

  constructor(notes: Notes | null = null) {
    this.#notes = notes;
  }

  /** Reads what lies on this device; what has been written meanwhile is newer. */
  async restore(): Promise<void> {
    const kept = (await this.#notes?.list().catch(() => [])) ?? [];
    const missing = kept.filter((draft) => this.at(draft) === undefined);
    if (missing.length > 0) this.#drafts = [...this.#drafts, ...missing];
  }

  at(place: Pick<Place, 'item' | 'thread'>): Draft | undefined {
    return this.#drafts.find((draft) => isAt(draft, place));
  }

  write(place: Place, text: string, anchor: Anchor | null = null): void {
    const tried = this.at(place)?.tried;
    this.#set({ ...place, text, anchor, ...(tried === undefined ? {} : { tried }) }, REST_MS);
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
  idOf(place: Pick<Place, 'item' | 'thread'>, text: string): string {
    const draft = this.at(place);
    if (draft?.tried?.text === text) return draft.tried.id;
    const tried = { text, id: newId() };
    if (draft !== undefined) this.#set({ ...draft, tried }, 0);
    return tried.id;
  }

  /** The comment has arrived: the same words once more would be another comment. */
  sent(place: Pick<Place, 'item' | 'thread'>): void {
    const draft = this.at(place);
    if (draft !== undefined) this.#set({ ...draft, text: '' }, 0);
  }

  #set(draft: Draft, restMs: number): void {
    const others = this.#drafts.filter((other) => !isAt(other, draft));
    this.#drafts = draft.text === '' ? others : [...others, draft];
    const key = keyOf(draft);
    clearTimeout(this.#timers.get(key));
    // Where the device keeps nothing, the page still does, and asks before it is left.
    const put = (): void => {
      this.#written = this.#written.then(() => this.#notes?.put(draft)).catch(() => undefined);
    };
    if (restMs === 0) put();
    else this.#timers.set(key, setTimeout(put, restMs));
  }
}

const drafts = new Map<string, CommentDrafts>();

/** What one person has written in a project and not sent, also after they had another page open. */
export function draftsOf(person: string, vault: string, project: string, notes: Notes | null = null): CommentDrafts {
  const place = [person, vault, project].join('|');
  const known = drafts.get(place);
  if (known !== undefined) return known;
  const made = new CommentDrafts(notes);
  drafts.set(place, made);
  void made.restore();
  return made;
}
