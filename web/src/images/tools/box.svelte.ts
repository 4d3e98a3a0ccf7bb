/** Draw a box: by dragging, or corner by corner. */
import { t } from '../../i18n';
import { between, distance, rounded, type Point } from '../geometry';
import type { Marking } from '../marking.svelte';
import type { Box } from '../shapes/box';
import type { SelectTool } from './select.svelte';
import type { How, Pen, Tool } from './tool';

const LEAST_DRAG = 4;

export class BoxTool implements Tool {
  readonly name = 'box';
  readonly key = 'r';
  readonly icon = 'box';
  readonly #marking: Marking<Box>;
  readonly #select: SelectTool<Box>;
  /** The first corner, once it is set. */
  #first = $state.raw<Point | null>(null);
  #wasOpen = false;
  #isChanging = false;

  constructor(marking: Marking<Box>, select: SelectTool<Box>) {
    this.#marking = marking;
    this.#select = select;
  }

  get isBusy(): boolean {
    return this.#first !== null;
  }

  press(point: Point, how: How): void {
    this.#isChanging = this.#first === null && this.#select.pressGrip(point, how);
    if (this.#isChanging) return;
    this.#wasOpen = this.#first !== null;
    this.#first ??= this.#marking.snapped(point, how, -1);
  }

  drag(point: Point, how: How): void {
    if (this.#isChanging) this.#select.drag(point, how);
  }

  release(point: Point, how: How): void {
    if (this.#isChanging) {
      this.#isChanging = false;
      this.#select.release(point, how);
      return;
    }
    const first = this.#first;
    if (first === null) return;
    if (distance(first, point) > LEAST_DRAG * this.#marking.pixel || this.#wasOpen) this.#complete(first, this.#marking.snapped(point, how, -1));
    else if (this.#select.pressRegion(point, how)) {
      // A click on a box chooses it; one beside all boxes sets a first corner.
      this.#select.release(point, how);
      this.#first = null;
    }
  }

  enter(point: Point): void {
    if (this.#first === null) {
      this.#first = point;
      this.#marking.say(t('image.firstCorner', { place: this.#marking.placeName(point) }));
    } else this.#complete(this.#first, point);
  }

  cancel(): void {
    if (this.#isChanging) this.#select.cancel();
    this.#isChanging = false;
    this.#first = null;
  }

  draw({ brush, colour, pixel }: Pen, at: Point | null): void {
    if (this.#first === null || at === null) return;
    const { x, y, width, height } = between(this.#first, at);
    brush.strokeStyle = colour;
    brush.lineWidth = 2 * pixel;
    brush.strokeRect(x, y, width, height);
  }

  #complete(first: Point, second: Point): void {
    const { x, y, width, height } = between(first, second);
    if (width < 1 || height < 1) {
      this.#marking.say(t('image.tooSmall'));
      return;
    }
    this.#first = null;
    this.#marking.add({ x: rounded(x), y: rounded(y), width: rounded(width), height: rounded(height) });
  }
}
