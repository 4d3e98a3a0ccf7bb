/** Draw an outline that follows the edges of what is seen. */
import { t } from '../../i18n';
import { distance, roundedPoint, simplifiedRing, type Point } from '../geometry';
import type { Marking } from '../marking.svelte';
import { ringsFit } from '../outlines';
import { Scissors } from '../scissors.svelte';
import type { Polygon } from '../shapes/polygon';
import { drawOutline } from './polygon.svelte';
import type { How, Pen, Tool } from './tool';

const NEAR = 8;
const TOLERANCE = 1;
const MOST_TRIES = 5;

export class MagicTool implements Tool {
  readonly name = 'magic';
  readonly key = 'm';
  readonly icon = 'magic';
  readonly #marking: Marking<Polygon>;
  readonly #scissors: Scissors;
  /** The lines between the points that were set. */
  #lines = $state.raw<readonly (readonly Point[])[]>([]);
  #seed = $state.raw<Point | null>(null);

  constructor(marking: Marking<Polygon>) {
    this.#marking = marking;
    this.#scissors = new Scissors(marking.picture, marking.view);
  }

  get isBusy(): boolean {
    return this.#seed !== null;
  }

  press(point: Point, how: How): void {
    this.#set(this.#marking.snapped(point, { isFree: true }), this.#marking.slack(how));
  }

  drag(): void {
    // Points are set one by one; the line follows the pointer without being pressed.
  }

  release(): void {
    // As above.
  }

  enter(point: Point): void {
    this.#set(point, NEAR * this.#marking.pixel);
  }

  back(): boolean {
    if (this.#seed === null) return false;
    const last = this.#lines.at(-1);
    this.#lines = this.#lines.slice(0, -1);
    this.#seed = last?.[0] ?? null;
    if (this.#seed !== null) this.#scissors.begin(this.#seed);
    return true;
  }

  readonly finish = (): void => {
    const first = this.#lines[0]?.[0];
    if (this.#seed === null || first === undefined) return;
    const ring = [...this.#lines, this.#scissors.lineTo(this.#seed, first)].flatMap((line) => line.slice(0, -1));
    // A line of pixels may touch itself; with fewer corners it does not.
    for (let i = 0, tolerance = TOLERANCE * Math.max(1, this.#marking.pixel); i < MOST_TRIES; i += 1, tolerance *= 1.6) {
      const points = simplifiedRing(ring, tolerance).map(roundedPoint);
      if (!ringsFit([points])) continue;
      this.cancel();
      this.#marking.add({ points });
      return;
    }
    this.#marking.say(t('image.faulty'));
  };

  cancel(): void {
    this.#lines = [];
    this.#seed = null;
    this.#scissors.end();
  }

  draw(pen: Pen, at: Point | null): void {
    if (this.#seed === null) return;
    const open = at === null ? [this.#seed] : this.#scissors.lineTo(this.#seed, at);
    drawOutline(pen, [...this.#lines.flat(), ...open], null, false);
  }

  #set(point: Point, near: number): void {
    const first = this.#lines[0]?.[0];
    if (first !== undefined && this.#lines.length > 1 && distance(first, point) <= near) {
      this.finish();
      return;
    }
    if (this.#seed !== null) this.#lines = [...this.#lines, this.#scissors.lineTo(this.#seed, point)];
    this.#seed = point;
    this.#scissors.begin(point);
    this.#marking.say(t('polygons.point', { n: this.#lines.length + 1, place: this.#marking.placeName(point) }));
  }
}
