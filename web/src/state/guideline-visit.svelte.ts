/** Whether the guideline has changed since somebody last answered in a project, and what. */
import type { MyAnnotation } from '../api';

export interface GuidelineParts {
  /** One's newest answers: each says which guideline it was made under, on whatever device. */
  newest: () => Promise<{ rows: readonly Pick<MyAnnotation, 'guideline_version'>[] }>;
  /** The text of an older version. */
  older: (version: number) => Promise<string>;
}

export class GuidelineVisit {
  /** The version that was last answered under; null until it is known. */
  seen = $state<number | null>(null);
  /** The text of that version, while its difference is shown. */
  before = $state.raw<string | null>(null);
  error = $state.raw<unknown>(null);
  readonly #parts: GuidelineParts;

  constructor(parts: GuidelineParts) {
    this.#parts = parts;
  }

  /** Asks what was seen last. Who comes for the first time has missed nothing, and without a network nothing is said. */
  async start(current: number): Promise<void> {
    const found = await this.#parts.newest().catch(() => null);
    if (found === null) return;
    this.seen = found.rows.length === 0 ? current : Math.max(...found.rows.map(({ guideline_version }) => guideline_version));
  }

  isBehind(current: number): boolean {
    return this.seen !== null && this.seen < current;
  }

  get isShown(): boolean {
    return this.before !== null;
  }

  /** Shows what has changed, or hides it again. */
  async toggle(): Promise<void> {
    this.error = null;
    if (this.before !== null || this.seen === null) {
      this.before = null;
      return;
    }
    try {
      this.before = await this.#parts.older(this.seen);
    } catch (error) {
      this.error = error;
    }
  }

  /** It is read: nothing more is said about it until it changes again. */
  read(current: number): void {
    this.seen = current;
    this.before = null;
    this.error = null;
  }
}
