/** Comments at the labelling screen: how many are open, and whether they are shown. */
import type { Thread } from '../api';
import type { CommentDrafts } from './comment-drafts.svelte';
import type { Subject } from './work.svelte';

export { draftsOf } from './comment-drafts.svelte';

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
