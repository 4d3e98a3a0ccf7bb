/** The jobs of a vault, kept fresh while something runs, on whatever page the person is. */
import type { Job, Page } from '../api';

export interface JobsParts {
  list: (vault: string) => Promise<Page<Job>>;
  later: (run: () => void, ms: number) => () => void;
}

const BUSY_MS = 1_500;
const QUIET_MS = 20_000;

export const isActive = (job: Job): boolean => job.state === 'queued' || job.state === 'running';

export class Jobs {
  vault = $state<string | null>(null);
  rows = $state.raw<Job[]>([]);
  error = $state.raw<unknown>(null);
  isLoaded = $state(false);
  /** Grows whenever a job ends, so that pages know to look again. */
  nEnded = $state(0);
  readonly #parts: JobsParts;
  #stop: () => void = () => undefined;
  #turn = 0;

  constructor(parts: JobsParts) {
    this.#parts = parts;
  }

  get active(): Job[] {
    return this.rows.filter(isActive);
  }

  watch(vault: string | null): void {
    if (vault === this.vault) return;
    this.#stop();
    this.vault = vault;
    this.rows = [];
    this.isLoaded = false;
    if (vault !== null) void this.refresh();
  }

  /** Shows a job that was just started, before the server lists it. */
  add(job: Job): void {
    this.rows = [job, ...this.rows.filter((other) => other.id !== job.id)];
    this.#plan();
  }

  async refresh(): Promise<void> {
    const { vault } = this;
    if (vault === null) return;
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const page = await this.#parts.list(vault);
      if (turn !== this.#turn || this.vault !== vault) return;
      const running = new Set(this.active.map((job) => job.id));
      const ended = page.rows.filter((job) => running.has(job.id) && !isActive(job)).length;
      this.rows = page.rows;
      this.error = null;
      this.isLoaded = true;
      this.nEnded += ended;
    } catch (error) {
      if (turn === this.#turn) this.error = error;
    }
    if (turn === this.#turn) this.#plan();
  }

  #plan(): void {
    this.#stop();
    this.#stop = this.#parts.later(() => void this.refresh(), this.active.length > 0 ? BUSY_MS : QUIET_MS);
  }
}
