/** Choose, move and change what is marked. */
import type { Region } from '../../questions/regions.svelte';
import { between, distance, meet, minus, type Point } from '../geometry';
import type { Marking } from '../marking.svelte';
import type { How, Pen, Tool } from './tool';

/** What a press took hold of, where keys do not draw. */
type Held = { kind: 'grip'; grip: number } | { kind: 'regions' } | { kind: 'frame' };

export class SelectTool<R extends Region> implements Tool {
  readonly name = 'select';
  readonly key = 'v';
  readonly icon = 'pointer';
  readonly #marking: Marking<R>;
  #held = $state.raw<Held | null>(null);
  #from = $state.raw<Point>([0, 0]);
  #to = $state.raw<Point>([0, 0]);

  constructor(marking: Marking<R>) {
    this.#marking = marking;
  }

  get isBusy(): boolean {
    return this.#held !== null;
  }

  /** Takes hold of a grip of the chosen region; other tools ask for that, too. */
  pressGrip(point: Point, how: How): boolean {
    const grip = this.#marking.gripAt(point, this.#marking.slack(how));
    if (grip < 0) return false;
    this.#begin({ kind: 'grip', grip }, point);
    return true;
  }

  /** Takes hold of the region under a point. */
  pressRegion(point: Point, how: How): boolean {
    const { regions } = this.#marking;
    const i = this.#marking.hit(point, this.#marking.slack(how));
    if (i < 0) return false;
    if (how.isAdded) regions.choose(i, true);
    else if (!regions.chosenAll.includes(i)) regions.choose(i);
    this.#marking.grip = -1;
    this.#begin({ kind: 'regions' }, point);
    return true;
  }

  press(point: Point, how: How): void {
    if (this.pressGrip(point, how) || this.pressRegion(point, how)) return;
    if (!how.isAdded) this.#marking.regions.choose(-1);
    this.#begin({ kind: 'frame' }, point);
  }

  drag(point: Point, how: How): void {
    this.#to = point;
    const marking = this.#marking;
    if (this.#held?.kind === 'grip') {
      const { chosen, region } = marking.regions;
      if (region === null) return;
      const to = how.isStepped ? point : marking.snapped(point, how);
      const dragged = marking.shape.drag?.(region, this.#held.grip, to, { isStepped: how.isStepped, image: marking.size });
      if (dragged !== undefined) marking.changed = new Map([[chosen, dragged]]);
    } else if (this.#held?.kind === 'regions' && distance(this.#from, point) > 2 * marking.pixel) {
      marking.changed = marking.movedBy(...minus(point, this.#from));
    }
  }

  release(point: Point, how: How): void {
    const held = this.#held;
    this.#held = null;
    if (held?.kind === 'frame') this.#chooseFramed(point, how);
    else this.#marking.settle();
  }

  enter(point: Point, how: How): void {
    const { regions } = this.#marking;
    const i = this.#marking.hit(point, this.#marking.slack());
    regions.choose(i, how.isAdded);
    const region = regions.list[i];
    if (region !== undefined) this.#marking.say(`${region.label} ${this.#marking.nameOf(region)}`);
    // What is chosen has the arrows next.
    if (region !== undefined) this.#marking.crosshair = null;
  }

  cancel(): void {
    this.#held = null;
    this.#marking.changed = new Map();
  }

  draw({ brush, colours, pixel }: Pen): void {
    if (this.#held?.kind !== 'frame') return;
    const { x, y, width, height } = between(this.#from, this.#to);
    brush.strokeStyle = colours.accent;
    brush.lineWidth = pixel;
    brush.setLineDash([4 * pixel, 3 * pixel]);
    brush.strokeRect(x, y, width, height);
    brush.setLineDash([]);
  }

  #begin(held: Held, point: Point): void {
    this.#held = held;
    this.#from = point;
    this.#to = point;
  }

  #chooseFramed(point: Point, how: How): void {
    const { regions, shape } = this.#marking;
    const { x, y, width, height } = between(this.#from, point);
    if (width + height < 4 * this.#marking.pixel) return;
    const framed = regions.list.flatMap((region, i) => (!this.#marking.isHidden(region) && meet(shape.bounds(region), [x, y, x + width, y + height]) ? [i] : []));
    regions.chooseThese(how.isAdded ? [...new Set([...regions.chosenAll, ...framed])] : framed);
  }
}
