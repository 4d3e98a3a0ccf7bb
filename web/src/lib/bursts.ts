/** Typing in bursts: what is typed without a pause is one step, so that undo takes back words instead of letters. */

const PAUSE_MS = 1_000;
/** Each of these is a step of its own. */
const PASTED = /paste|drop|replacement/i;

export class Bursts {
  #n = 0;
  #last = -Infinity;
  #kind = '';
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** The step that a change belongs to; null is a change by a key or a button. */
  step(event: Event | null): string {
    const inputType = event !== null && 'inputType' in event ? String(event.inputType) : 'stepped';
    const kind = inputType.startsWith('delete') ? 'delete' : (/paste|drop|replacement|stepped/i.exec(inputType)?.[0] ?? 'insert');
    const now = this.#now();
    if (kind !== this.#kind || PASTED.test(kind) || now - this.#last > PAUSE_MS) this.#n += 1;
    this.#kind = kind;
    this.#last = now;
    return `typing-${String(this.#n)}`;
  }

  /** Ends the burst, such as when the field is left. */
  end(): void {
    this.#last = -Infinity;
  }
}
