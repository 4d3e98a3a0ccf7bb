/** Painting masks: what is added to the chosen mask, or to a new one, and taken away from it. */
import { t } from '../i18n';
import { clamp } from './geometry';
import type { Marking, Sizes } from './marking.svelte';
import { combined, nPixelsOf, type Runs } from './runs';
import { maskOf, readMask, type Mask } from './shapes/mask';

const LEAST = 1;
const MOST = 400;
const GROWS_BY = 1.25;

export class Painting {
  readonly marking: Marking<Mask>;
  /** The brush's diameter in pixels of the image. */
  size: number = $state(20);

  constructor(marking: Marking<Mask>) {
    this.marking = marking;
    this.size = clamp(Math.round(Math.max(marking.size.width, marking.size.height) / 40), LEAST, MOST);
  }

  get sizes(): Sizes {
    return { value: this.size, least: LEAST, most: MOST, set: (size) => (this.size = clamp(Math.round(size), LEAST, MOST)) };
  }

  grow(isLarger: boolean): void {
    const next = isLarger ? Math.max(this.size + 1, this.size * GROWS_BY) : Math.min(this.size - 1, this.size / GROWS_BY);
    this.sizes.set(next);
    this.marking.say(t('masks.size', { n: this.size }));
  }

  /** Puts pixels into the chosen mask, or makes one of them. */
  add(runs: Runs): void {
    const { regions, size } = this.marking;
    const { chosen, region } = regions;
    if (nPixelsOf(runs) === 0 || this.marking.isLocked(chosen)) return;
    if (region === null) this.marking.add(maskOf(runs, size));
    else this.#replace(chosen, region, combined(readMask(region).runs, runs));
  }

  /** Takes pixels out of the chosen mask; one that has none left goes. */
  takeAway(runs: Runs): void {
    const { chosen, region } = this.marking.regions;
    if (region === null) this.marking.say(t('masks.chooseFirst'));
    else if (!this.marking.isLocked(chosen)) this.#replace(chosen, region, combined(readMask(region).runs, runs, true));
  }

  #replace(i: number, mask: Mask, runs: Runs): void {
    if (runs.length === 0) this.marking.regions.remove(new Set([i]));
    else this.marking.regions.replace(i, { ...mask, ...maskOf(runs, this.marking.size) });
    this.marking.say(t('masks.name', { n: nPixelsOf(runs) }));
  }
}
