/** The time of day for what is written relative to it, refreshed twice a minute. */

class Clock {
  nowMs = $state(Date.now());

  start(): void {
    setInterval(() => (this.nowMs = Date.now()), 30_000);
  }
}

export const clock = new Clock();
