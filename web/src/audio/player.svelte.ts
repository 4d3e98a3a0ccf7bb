/** A sound that is played: where it is, how fast, and up to where. Times are milliseconds. */

/** What a player needs of an `<audio>` element. */
export type Sound = Pick<HTMLAudioElement, 'currentTime' | 'paused' | 'playbackRate' | 'play' | 'pause' | 'src'>;

export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

export class Player {
  readonly durationMs: number;
  now = $state(0);
  isPlaying = $state(false);
  rate = $state(1);
  error = $state.raw<unknown>(null);
  /** Where a stretch was begun by key, and not ended yet. */
  begun = $state.raw<number | null>(null);
  #sound: Sound | null = null;
  /** Where playing ends, when only a stretch is played. */
  #until: number | null = null;

  constructor(durationMs: number) {
    this.durationMs = durationMs;
  }

  attach(sound: Sound): void {
    this.#sound = sound;
    sound.playbackRate = this.rate;
  }

  seek(ms: number): void {
    this.now = Math.max(0, Math.min(this.durationMs, Math.round(ms)));
    this.#until = null;
    if (this.#sound !== null) this.#sound.currentTime = this.now / 1000;
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else void this.#start(null);
  }

  /** Plays one stretch and stops at its end. */
  playBetween(fromMs: number, toMs: number): void {
    this.seek(fromMs);
    void this.#start(toMs);
  }

  pause(): void {
    this.#sound?.pause();
    this.isPlaying = false;
  }

  setRate(rate: number): void {
    this.rate = rate;
    if (this.#sound !== null) this.#sound.playbackRate = rate;
  }

  /** Follows the sound; called while it plays. */
  follow(): void {
    if (this.#sound === null) return;
    this.now = Math.min(this.durationMs, Math.round(this.#sound.currentTime * 1000));
    if (this.#until !== null && this.now >= this.#until) {
      this.pause();
      this.now = this.#until;
      this.#until = null;
    } else if (this.#sound.paused) this.isPlaying = false;
  }

  async #start(until: number | null): Promise<void> {
    if (this.#sound === null) return;
    if (this.now >= this.durationMs) this.seek(0);
    this.#until = until;
    this.error = null;
    try {
      this.isPlaying = true;
      await this.#sound.play();
    } catch (error) {
      this.isPlaying = false;
      this.error = error;
    }
  }
}

/** A time as minutes, seconds and thousandths. */
export function timeText(ms: number): string {
  const whole = Math.floor(ms / 1000);
  const [minutes, seconds] = [Math.floor(whole / 60), whole % 60];
  return `${String(minutes)}:${String(seconds).padStart(2, '0')}.${String(Math.round(ms) % 1000).padStart(3, '0')}`;
}
