/** The items that wait for this person: leased ahead, so that the next one is already here. */
import { Problem, type EmptyReason, type Lease, type Leases } from '../api';

export interface QueueParts {
  /** Leases up to `n` items, or one that is named. */
  lease: (n: number, item?: string) => Promise<Leases>;
  heartbeat: (lease: string) => Promise<unknown>;
  giveBack: (lease: string) => Promise<unknown>;
  /** Calls `run` every `ms`; returns how to stop. */
  every: (run: () => void, ms: number) => () => void;
  /** Items whose answers are still on their way, which the server may offer again. */
  onTheWay: () => Promise<Set<string>>;
  leaseMinutes: number;
}

export const N_AHEAD = 8;
/** Whoever loses the network at the worst moment still has the open item and five more. */
const REFILL_BELOW = 6;
const MOST_PER_REQUEST = 10;

export class Queue {
  current = $state.raw<Lease | null>(null);
  ahead = $state.raw<Lease[]>([]);
  empty = $state.raw<EmptyReason | null>(null);
  error = $state.raw<unknown>(null);
  isLoading = $state(false);

  readonly #parts: QueueParts;
  /** Items answered here, with the lease that it was under; the server may not have heard of it yet. */
  readonly #answered = new Map<string, string>();
  #stop: () => void = () => undefined;
  #filling: Promise<void> | null = null;
  #nAsked = 0;

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    this.#stop = this.#parts.every(() => void this.beat(), (this.#parts.leaseMinutes * 60_000) / 3);
    await this.fill();
  }

  /** Gives back what was not begun. */
  stop(keepCurrent: boolean): void {
    this.#stop();
    const given = keepCurrent || this.current === null ? this.ahead : [this.current, ...this.ahead];
    for (const lease of given) this.#parts.giveBack(lease.id).catch(() => undefined);
    this.ahead = [];
    this.current = null;
  }

  /** The current item is answered: the next one takes its place at once. */
  advance(): void {
    if (this.current !== null) this.#answered.set(this.current.item_id, this.current.id);
    this.current = this.ahead[0] ?? null;
    this.ahead = this.ahead.slice(1);
    if (this.ahead.length < REFILL_BELOW) void this.fill();
  }

  /** An answer could not be kept: its item comes first again. */
  restore(lease: Lease): void {
    this.#answered.delete(lease.item_id);
    if (this.current !== null) this.ahead = [this.current, ...this.ahead];
    this.current = lease;
  }

  /**
   * Puts an item first once more though it is done here.
   *
   * @throws Problem when it is not this person's to decide about any more.
   */
  async bringBack(item: string): Promise<void> {
    const { leases } = await this.#parts.lease(1, item);
    this.#answered.delete(item);
    if (this.current?.item_id === item) return;
    const found = [...this.ahead, ...leases].find((lease) => lease.item_id === item);
    if (found === undefined) return;
    this.ahead = this.ahead.filter((lease) => lease.item_id !== item);
    this.restore(found);
  }

  /** Leases as many as are missing; asked again meanwhile, it looks once more when it is done. */
  fill(): Promise<void> {
    this.#nAsked += 1;
    if (this.#filling !== null) return this.#filling;
    this.#filling = this.#fillUntilQuiet().finally(() => (this.#filling = null));
    return this.#filling;
  }

  /** Holds every lease a little longer; what was lost meanwhile leaves the queue, except what is being answered. */
  async beat(): Promise<void> {
    const held = [...(this.current === null ? [] : [this.current]), ...this.ahead];
    await Promise.all(
      held.map((lease) =>
        this.#parts.heartbeat(lease.id).catch((error: unknown) => {
          if (!(error instanceof Problem) || error.isPassing || error.status === 401) return;
          this.ahead = this.ahead.filter((other) => other.id !== lease.id);
        }),
      ),
    );
    if (this.ahead.length < REFILL_BELOW) await this.fill();
  }

  async #fillUntilQuiet(): Promise<void> {
    this.isLoading = true;
    for (let nSeen = 0; nSeen !== this.#nAsked; ) {
      nSeen = this.#nAsked;
      await this.#fillOnce();
    }
    this.isLoading = false;
  }

  async #fillOnce(): Promise<void> {
    const held = (this.current === null ? 0 : 1) + this.ahead.length;
    if (held >= N_AHEAD + 1) return;
    try {
      const onTheWay = await this.#parts.onTheWay();
      // The server gives back first what is held already, and that includes what is answered but still on its way.
      const { leases, empty } = await this.#parts.lease(Math.min(MOST_PER_REQUEST, N_AHEAD + 1 + onTheWay.size));
      this.#take(leases.filter((lease) => !onTheWay.has(lease.item_id)));
      this.empty = this.current === null ? empty : null;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  #take(leases: Lease[]): void {
    const held = new Set([this.current, ...this.ahead].map((lease) => lease?.item_id));
    const fresh = leases.filter((lease) => !held.has(lease.item_id) && !this.#isDone(lease));
    const line = [...this.ahead, ...fresh];
    if (this.current === null) {
      this.current = line[0] ?? null;
      this.ahead = line.slice(1);
    } else this.ahead = line;
  }

  /** Whether the answer to an item is given; what came back to be done or looked at again is not. */
  #isDone(lease: Lease): boolean {
    const answeredUnder = this.#answered.get(lease.item_id);
    if (answeredUnder === undefined) return false;
    const isBack = (lease.rework ?? null) !== null || (lease.answers ?? []).length > 0;
    return !isBack || lease.id === answeredUnder;
  }
}
