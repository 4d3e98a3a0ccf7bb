/** Suspects looked at one after the other: a decision is stored at once and can be taken back. */
import type { Suspect } from '../api';

export interface ReviewParts {
  /** Stores what somebody decided about the label of an item. */
  store: (suspect: Suspect, value: string, note: string) => Promise<unknown>;
  /** Makes known of the item what was known before the decision. */
  restore: (suspect: Suspect) => Promise<unknown>;
}

export interface Decision {
  suspect: Suspect;
  value: string;
  /** Where the suspect stood in the list. */
  index: number;
  /** Whether the server has it, once that is known. */
  stored: Promise<boolean>;
}

export class Review {
  /** What is still to be decided, worst first. */
  suspects = $state.raw<readonly Suspect[]>([]);
  index = $state(0);
  /** What was decided here, the last one last. */
  decided = $state.raw<readonly Decision[]>([]);
  error = $state.raw<unknown>(null);
  /** How many requests are on their way. */
  nWaiting = $state(0);
  readonly #parts: ReviewParts;

  constructor(parts: ReviewParts) {
    this.#parts = parts;
  }

  get current(): Suspect | null {
    return this.suspects[this.index] ?? null;
  }

  /** Takes over what the server says; the one that is looked at stays, and what was decided here stays away. */
  take(suspects: readonly Suspect[]): void {
    const looked = this.current?.item_id;
    const gone = new Set(this.decided.map(({ suspect }) => suspect.item_id));
    this.suspects = suspects.filter(({ item_id }) => !gone.has(item_id));
    const place = this.suspects.findIndex(({ item_id }) => item_id === looked);
    this.index = Math.max(0, place === -1 ? Math.min(this.index, this.suspects.length - 1) : place);
  }

  move(step: number): void {
    this.index = Math.max(0, Math.min(this.suspects.length - 1, this.index + step));
  }

  /** Decides about the current suspect and goes on to the next; when it cannot be stored, the suspect comes back. */
  async decide(value: string, note = ''): Promise<void> {
    const suspect = this.current;
    if (suspect === null) return;
    this.error = null;
    const stored = this.#send(() => this.#parts.store(suspect, value, note));
    const decision: Decision = { suspect, value, index: this.index, stored };
    this.decided = [...this.decided, decision];
    this.suspects = this.suspects.filter((one) => one !== suspect);
    this.move(0);
    if (!(await stored) && this.decided.includes(decision)) this.#bringBack(decision);
  }

  /** Takes the last decision back; says which one it was. */
  async undo(): Promise<Decision | null> {
    const last = this.decided.at(-1);
    if (last === undefined) return null;
    this.error = null;
    this.#bringBack(last);
    // What the server never had needs no taking back.
    if (await last.stored) await this.#send(() => this.#parts.restore(last.suspect));
    return last;
  }

  #bringBack(decision: Decision): void {
    this.decided = this.decided.filter((one) => one !== decision);
    this.suspects = this.suspects.toSpliced(decision.index, 0, decision.suspect);
    this.index = Math.min(decision.index, this.suspects.length - 1);
  }

  async #send(work: () => Promise<unknown>): Promise<boolean> {
    this.nWaiting += 1;
    try {
      await work();
      return true;
    } catch (error) {
      this.error = error;
      return false;
    } finally {
      this.nWaiting -= 1;
    }
  }
}
