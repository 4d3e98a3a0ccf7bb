/** A long list seen through a window: pages come by cursor as they are needed and go when they are far away. */
import type { ItemFilter, ItemPage, ItemRow } from '../api';

export interface TableParts {
  load: (query: ItemFilter & { cursor: string | null; limit: number }, signal: AbortSignal) => Promise<ItemPage>;
}

export const PAGE_ROWS = 100;
/** Pages kept in memory on each side of the window. */
const KEEP_PAGES = 10;
/** Browsers cannot draw a longer list in one piece. */
export const MOST_ROWS = 300_000;

interface Chunk {
  cursor: string | null;
  rows: ItemRow[] | null;
  nRows: number;
}

export class ItemsTable {
  filter = $state.raw<ItemFilter>({});
  total = $state<number | null>(null);
  /** How many items fit at least, where they were not all counted. */
  atLeast = $state<number | null>(null);
  error = $state.raw<unknown>(null);
  isLoading = $state(false);
  chosen = $state(-1);
  #chunks = $state.raw<Chunk[]>([]);
  #hasMore = $state(true);
  #nextCursor: string | null = null;
  #abort = new AbortController();
  readonly #parts: TableParts;

  constructor(parts: TableParts) {
    this.#parts = parts;
  }

  /** How many rows are known by now. */
  get nKnown(): number {
    const last = this.#chunks.at(-1);
    return last === undefined ? 0 : (this.#chunks.length - 1) * PAGE_ROWS + last.nRows;
  }

  get hasMore(): boolean {
    return this.#hasMore && this.nKnown < MOST_ROWS;
  }

  get isCut(): boolean {
    return this.#hasMore && this.nKnown >= MOST_ROWS;
  }

  /** The row at `index`, or null when it is not in memory. */
  row(index: number): ItemRow | null {
    return this.#chunks[Math.floor(index / PAGE_ROWS)]?.rows?.[index % PAGE_ROWS] ?? null;
  }

  /** Starts over with another filter. */
  async open(filter: ItemFilter): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.filter = filter;
    this.#hasMore = true;
    this.chosen = -1;
    this.isLoading = false;
    const page = await this.#fetch(null, this.#abort.signal);
    if (page === null) return;
    this.total = page.total;
    this.atLeast = page.at_least ?? null;
    this.#chunks = [];
    this.#append(null, page);
  }

  /** Looks again without letting go of what is shown: the numbers, and the pages in memory from `first` to `last`. */
  async refresh(first: number, last: number): Promise<void> {
    if (this.isLoading) return;
    const { signal } = this.#abort;
    const upTo = Math.min(Math.floor(last / PAGE_ROWS), this.#chunks.length - 1);
    for (let i = Math.max(0, Math.floor(first / PAGE_ROWS)); i <= upTo; i += 1) {
      const chunk = this.#chunks[i];
      if (chunk === undefined) return;
      const again = await this.#fetch(chunk.cursor, signal);
      if (again === null) return;
      const { rows } = again;
      if (chunk.cursor === null) [this.total, this.atLeast] = [again.total, again.at_least ?? null];
      const isLast = i === this.#chunks.length - 1;
      if (isLast) [this.#nextCursor, this.#hasMore] = [again.next, again.next !== null];
      this.#chunks = this.#chunks.map((old, at) => (at === i ? { ...old, rows, nRows: isLast ? rows.length : old.nRows } : old));
    }
  }

  /** Makes sure that the rows from `first` to `last` are in memory, as far as there are any. */
  async show(first: number, last: number): Promise<void> {
    const from = Math.max(0, Math.floor(first / PAGE_ROWS));
    const upTo = Math.floor(last / PAGE_ROWS);
    const { signal } = this.#abort;
    for (let i = from; i <= Math.min(upTo, this.#chunks.length - 1); i += 1) {
      const chunk = this.#chunks[i];
      if (chunk === undefined || chunk.rows !== null || this.isLoading) continue;
      const again = await this.#fetch(chunk.cursor, signal);
      if (again === null) return;
      const { rows } = again;
      this.#chunks = this.#chunks.map((old, at) => (at === i ? { ...old, rows } : old));
    }
    if (upTo >= this.#chunks.length - 1 && last >= this.nKnown - 1) await this.#more(signal);
    this.#forget(from, upTo);
  }

  /** Chooses another row; says which one it is now. */
  move(step: number): number {
    const last = this.nKnown - 1;
    this.chosen = last < 0 ? -1 : Math.max(0, Math.min(last, this.chosen + step));
    return this.chosen;
  }

  async #more(signal: AbortSignal): Promise<void> {
    if (!this.hasMore || this.isLoading || this.#chunks.length === 0) return;
    const cursor = this.#nextCursor;
    const page = await this.#fetch(cursor, signal);
    if (page !== null) this.#append(cursor, page);
  }

  #append(cursor: string | null, { rows, next }: ItemPage): void {
    this.#chunks = [...this.#chunks, { cursor, rows, nRows: rows.length }];
    this.#nextCursor = next;
    this.#hasMore = next !== null;
  }

  async #fetch(cursor: string | null, signal: AbortSignal): Promise<ItemPage | null> {
    this.isLoading = true;
    try {
      const page = await this.#whole(cursor, signal);
      if (signal.aborted) return null;
      this.error = null;
      return page;
    } catch (error) {
      if (!signal.aborted) this.error = error;
      return null;
    } finally {
      if (!signal.aborted) this.isLoading = false;
    }
  }

  /** A full page: the server may end one early where it had to look through very many items. */
  async #whole(cursor: string | null, signal: AbortSignal): Promise<ItemPage> {
    const page = await this.#parts.load({ ...this.filter, cursor, limit: PAGE_ROWS }, signal);
    let { rows, next } = page;
    while (rows.length < PAGE_ROWS && next !== null && !signal.aborted) {
      const more: ItemPage = await this.#parts.load({ ...this.filter, cursor: next, limit: PAGE_ROWS - rows.length }, signal);
      rows = [...rows, ...more.rows];
      next = more.next;
    }
    return { ...page, rows, next };
  }

  #forget(from: number, upTo: number): void {
    if (this.#chunks.length <= 2 * KEEP_PAGES) return;
    this.#chunks = this.#chunks.map((chunk, i) =>
      chunk.rows !== null && (i < from - KEEP_PAGES || i > upTo + KEEP_PAGES) ? { ...chunk, rows: null } : chunk,
    );
  }
}
