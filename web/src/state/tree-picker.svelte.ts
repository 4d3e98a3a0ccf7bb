/** A tree or a long list of options while one is looked for: what is open, what is searched, where the cursor is. */
import type { OptionNode } from '../api';
import { hasBelow, placesOf, search, type TreePlace } from './tree-places';

export class TreePicker {
  readonly options: readonly OptionNode[];
  readonly places: readonly TreePlace[];
  readonly leavesOnly: boolean;
  query = $state('');
  /** The place that keys speak to. */
  cursor = $state(0);
  #open = $state.raw<ReadonlySet<number>>(new Set());

  constructor(options: readonly OptionNode[], leavesOnly: boolean) {
    this.options = options;
    this.places = placesOf(options);
    this.leavesOnly = leavesOnly;
    if (options.length === 1 || this.places.length <= 20) this.#open = new Set(this.places.map((_place, at) => at).filter((at) => at === 0 || this.places.length <= 20));
  }

  get isSearching(): boolean {
    return this.query.trim() !== '';
  }

  readonly #rows = $derived.by((): readonly number[] => (this.isSearching ? search(this.options, this.query) : this.#unfolded()));

  /** The places that are listed, in order. */
  get rows(): readonly number[] {
    return this.#rows;
  }

  get place(): TreePlace | undefined {
    return this.places[this.cursor];
  }

  isOpen(at: number): boolean {
    return this.#open.has(at);
  }

  canPick(at: number): boolean {
    const place = this.places[at];
    return place !== undefined && !(this.leavesOnly && hasBelow(place));
  }

  find(query: string): void {
    this.query = query;
    const first = this.rows[0];
    if (this.isSearching && first !== undefined) this.cursor = first;
  }

  move(step: number): void {
    const { rows } = this;
    const from = rows.indexOf(this.cursor);
    const to = from < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, from + step));
    this.cursor = rows[to] ?? this.cursor;
  }

  /** Opens or closes what is below `at`. */
  fold(at: number, isOpen: boolean): void {
    const open = new Set(this.#open);
    if (isOpen) open.add(at);
    else open.delete(at);
    this.#open = open;
  }

  /** Into the tree: opens the option, or goes to the first one below it. */
  deeper(): void {
    const { place, cursor } = this;
    if (place === undefined || !hasBelow(place)) return;
    if (this.isSearching) this.reveal(cursor);
    if (this.isOpen(cursor)) this.cursor += 1;
    else this.fold(cursor, true);
  }

  /** Out of the tree: closes the option, or goes to the one above it. */
  higher(): void {
    const { place, cursor } = this;
    if (place === undefined) return;
    if (this.isSearching) this.reveal(cursor);
    if (this.isOpen(cursor)) this.fold(cursor, false);
    else if (place.parent >= 0) this.cursor = place.parent;
  }

  /** Ends the search and shows an option where it stands in the tree. */
  reveal(at: number): void {
    const open = new Set(this.#open);
    for (let above = this.places[at]?.parent ?? -1; above >= 0; above = this.places[above]?.parent ?? -1) open.add(above);
    this.#open = open;
    this.query = '';
    this.cursor = at;
  }

  #unfolded(): number[] {
    const rows: number[] = [];
    for (let at = 0; at < this.places.length; ) {
      rows.push(at);
      at = this.#open.has(at) ? at + 1 : (this.places[at]?.end ?? at + 1);
    }
    return rows;
  }
}
