/** Which items are chosen for a bulk action: some of them, or all that fit the filter. */
import type { Bulk, NewBulk } from '../api';

export interface SelectionParts {
  change: (body: NewBulk) => Promise<Bulk>;
  undo: (bulk: string) => Promise<Bulk>;
  /** The list has changed: look again. */
  refresh: () => void;
}

export class ItemSelection {
  ids = $state.raw<ReadonlySet<string>>(new Set());
  /** Whether all that fit the filter are meant, the ones that nobody has looked at too. */
  isAll = $state(false);
  /** What was done last, until something else is. */
  done = $state.raw<Bulk | null>(null);
  error = $state.raw<unknown>(null);
  isBusy = $state(false);
  #anchor = -1;
  readonly #parts: SelectionParts;

  constructor(parts: SelectionParts) {
    this.#parts = parts;
  }

  get isEmpty(): boolean {
    return !this.isAll && this.ids.size === 0;
  }

  has(id: string): boolean {
    return this.isAll || this.ids.has(id);
  }

  toggle(id: string, index: number): void {
    this.isAll = false;
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    this.ids = ids;
    this.#anchor = index;
  }

  /** Chooses everything from the item chosen last up to this one. */
  reach(index: number, idAt: (index: number) => string | undefined): void {
    this.isAll = false;
    const from = this.#anchor < 0 ? index : this.#anchor;
    const ids = new Set(this.ids);
    for (let i = Math.min(from, index); i <= Math.max(from, index); i += 1) {
      const id = idAt(i);
      if (id !== undefined) ids.add(id);
    }
    this.ids = ids;
    this.#anchor = index;
  }

  all(): void {
    this.isAll = !this.isAll;
    this.ids = new Set();
  }

  clear(): void {
    this.isAll = false;
    this.ids = new Set();
    this.#anchor = -1;
  }

  /** Does one thing to what is chosen; the choice stays, so that more can be done to it. */
  async change(what: Omit<NewBulk, 'selection'>, where: string): Promise<void> {
    if (this.isEmpty || this.isBusy) return;
    const selection = this.isAll ? { where } : { items: [...this.ids] };
    await this.#send(() => this.#parts.change({ ...what, selection }));
  }

  /** Takes back what was done last. */
  async undo(): Promise<void> {
    const { done } = this;
    if (done === null || done.undone_at !== null || this.isBusy) return;
    await this.#send(() => this.#parts.undo(done.id));
  }

  async #send(work: () => Promise<Bulk>): Promise<void> {
    this.isBusy = true;
    this.error = null;
    try {
      this.done = await work();
      this.#parts.refresh();
    } catch (error) {
      this.error = error;
    } finally {
      this.isBusy = false;
    }
  }
}
