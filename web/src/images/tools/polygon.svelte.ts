/** Draw an outline point by point: a polygon, or a hole in the chosen one. */
import { t } from '../../i18n';
import { distance, roundedPoint, type Point } from '../geometry';
import type { Marking } from '../marking.svelte';
import { linesMeet, ringsFit } from '../outlines';
import { ringsOf, withRings, type Polygon } from '../shapes/polygon';
import type { SelectTool } from './select.svelte';
import type { How, Pen, Tool } from './tool';

const NEAR = 8;
const FEWEST = 3;

/** Draws the line of an outline that is begun, and where its next side would be. */
export function drawOutline({ brush, colours, colour, pixel }: Pen, points: readonly Point[], next: Point | null, isFaulty: boolean): void {
  const [first] = points;
  if (first === undefined) return;
  brush.beginPath();
  for (const [x, y] of next === null ? points : [...points, next]) brush.lineTo(x, y);
  for (const [stroke, width] of [
    [colours.paper, 4],
    [isFaulty ? colours.bad : colour, 2],
  ] as const) {
    brush.strokeStyle = stroke;
    brush.lineWidth = width * pixel;
    brush.stroke();
  }
  brush.beginPath();
  brush.arc(first[0], first[1], 5 * pixel, 0, 2 * Math.PI);
  brush.fillStyle = colours.paper;
  brush.fill();
  brush.stroke();
}

export class PolygonTool implements Tool {
  readonly name: 'polygon' | 'hole';
  readonly key: string;
  readonly icon: 'polygon' | 'hole';
  readonly #marking: Marking<Polygon>;
  readonly #select: SelectTool<Polygon>;
  #points = $state.raw<readonly Point[]>([]);
  #isChanging = false;

  constructor(marking: Marking<Polygon>, select: SelectTool<Polygon>, isHole = false) {
    this.#marking = marking;
    this.#select = select;
    this.name = isHole ? 'hole' : 'polygon';
    this.icon = this.name;
    this.key = isHole ? 'o' : 'p';
  }

  get isBusy(): boolean {
    return this.#points.length > 0;
  }

  press(point: Point, how: How): void {
    this.#isChanging = !this.isBusy && this.#select.pressGrip(point, how);
    if (!this.#isChanging) this.#set(this.#marking.snapped(point, how, -1), this.#marking.slack(how));
  }

  drag(point: Point, how: How): void {
    if (this.#isChanging) this.#select.drag(point, how);
  }

  release(point: Point, how: How): void {
    if (this.#isChanging) this.#select.release(point, how);
    this.#isChanging = false;
  }

  enter(point: Point): void {
    this.#set(point, NEAR * this.#marking.pixel);
  }

  back(): boolean {
    if (!this.isBusy) return false;
    this.#points = this.#points.slice(0, -1);
    this.#marking.say(t('polygons.pointTaken', { n: this.#points.length }));
    return true;
  }

  readonly finish = (): void => {
    const ring = this.#points.map(roundedPoint);
    if (ring.length < FEWEST) this.#marking.say(t('polygons.tooFew'));
    else if (this.name === 'hole') this.#cut(ring);
    else if (!ringsFit([ring])) this.#marking.say(t('image.faulty'));
    else {
      this.#points = [];
      this.#marking.add({ points: ring });
    }
  };

  cancel(): void {
    if (this.#isChanging) this.#select.cancel();
    this.#isChanging = false;
    this.#points = [];
  }

  draw(pen: Pen, at: Point | null): void {
    drawOutline(pen, this.#points, at, at !== null && this.#wouldCross(at));
  }

  #set(point: Point, near: number): void {
    const first = this.#points[0];
    if (this.name === 'hole' && this.#marking.regions.region === null) this.#marking.say(t('polygons.chooseFirst'));
    else if (first !== undefined && this.#points.length >= FEWEST && distance(first, point) <= near) this.finish();
    else if (this.#wouldCross(point)) this.#marking.say(t('image.faulty'));
    else {
      this.#points = [...this.#points, point];
      this.#marking.say(t('polygons.point', { n: this.#points.length, place: this.#marking.placeName(point) }));
    }
  }

  /** Whether the line to a next point would cross one that is there. */
  #wouldCross(point: Point): boolean {
    const last = this.#points.at(-1);
    if (last === undefined) return false;
    const isClosing = distance(this.#points[0] ?? point, point) <= NEAR * this.#marking.pixel;
    return this.#points.slice(isClosing ? 1 : 0, -2).some((from, i) => linesMeet([last, point], [from, this.#points[i + (isClosing ? 2 : 1)] ?? from]));
  }

  #cut(ring: readonly Point[]): void {
    const { regions, say } = this.#marking;
    const { region } = regions;
    if (region === null) return;
    const rings = [...ringsOf(region), ring];
    if (!ringsFit(rings)) {
      say(t('polygons.holeOutside'));
      return;
    }
    this.#points = [];
    regions.replace(regions.chosen, withRings(region, rings));
    say(t('polygons.holeMade'));
  }
}
