/** Which part of an answer undo or redo has changed, so that keys speak to that part again. */
export class Followed<P> {
  #known: readonly P[];

  constructor(parts: readonly P[]) {
    this.#known = parts;
  }

  /** Parts that were written here: the cursor has gone on from them. */
  keep(parts: readonly P[]): void {
    this.#known = parts;
  }

  /** The first place that differs from what was known, or -1; known from now on. */
  take(parts: readonly P[]): number {
    const { length } = parts.length > this.#known.length ? parts : this.#known;
    const place = Array.from({ length }, (_one, i) => i).findIndex((i) => (parts[i] ?? null) !== (this.#known[i] ?? null));
    this.#known = parts;
    return place;
  }
}
