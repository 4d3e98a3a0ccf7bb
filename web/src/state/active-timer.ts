/**
 * How long somebody really worked: time stands still while the page is hidden or out of focus, and 30 seconds after
 * the last sign of life.
 */

export const IDLE_MS = 30_000;

export class ActiveTimer {
  #bankedMs = 0;
  #since = 0;
  #lastSign = 0;
  #isRunning = false;

  /** Starts a new count at `nowMs`, from `alreadyMs`. */
  start(nowMs: number, alreadyMs = 0): void {
    this.#bankedMs = alreadyMs;
    this.#since = nowMs;
    this.#lastSign = nowMs;
    this.#isRunning = true;
  }

  /** Somebody pressed, moved or scrolled at `nowMs`. */
  sign(nowMs: number): void {
    if (!this.#isRunning) return;
    this.#bank(nowMs);
    this.#lastSign = nowMs;
  }

  /** The page lost the focus, was hidden, or the person takes a break. */
  pause(nowMs: number): void {
    if (!this.#isRunning) return;
    this.#bank(nowMs);
    this.#isRunning = false;
  }

  resume(nowMs: number): void {
    if (this.#isRunning) return;
    this.#since = nowMs;
    this.#lastSign = nowMs;
    this.#isRunning = true;
  }

  /** The milliseconds worked until `nowMs`. */
  elapsed(nowMs: number): number {
    return this.#bankedMs + (this.#isRunning ? this.#awake(nowMs) : 0);
  }

  #awake(nowMs: number): number {
    return Math.max(0, Math.min(nowMs, this.#lastSign + IDLE_MS) - this.#since);
  }

  #bank(nowMs: number): void {
    this.#bankedMs += this.#awake(nowMs);
    this.#since = nowMs;
  }
}
