/** Fill a rectangle, an outline, or all that is joined and has one colour; with Alt it is taken away. */
import { t } from '../../i18n';
import { between, clamp, distance, type Point, type Rect } from '../geometry';
import type { Painting } from '../painting.svelte';
import { bitmapRuns, rectRuns, ringRuns, type Runs } from '../runs';
import { growing, type Segmenter } from '../segmenter';
import { drawOutline } from './polygon.svelte';
import type { How, Pen, Tool } from './tool';

const NEAR = 8;
const FEWEST = 3;
const LEAST_DRAG = 4;
/** More pixels than that are looked at smaller. */
const LONGEST = 1400;

abstract class AreaTool {
  protected readonly painting: Painting;
  protected points = $state.raw<readonly Point[]>([]);

  constructor(painting: Painting) {
    this.painting = painting;
  }

  get isBusy(): boolean {
    return this.points.length > 0;
  }

  cancel(): void {
    this.points = [];
  }

  back(): boolean {
    const { isBusy } = this;
    this.points = this.points.slice(0, -1);
    return isBusy;
  }

  protected paint(runs: Runs, how: Pick<How, 'isFree'>): void {
    this.points = [];
    if (how.isFree) this.painting.takeAway(runs);
    else this.painting.add(runs);
  }
}

export class RectangleTool extends AreaTool implements Tool {
  readonly name = 'area';
  readonly key = 'r';
  readonly icon = 'area';

  press(point: Point, how: How): void {
    if (this.isBusy) this.enter(point, how);
    else this.points = [point];
  }

  readonly drag = (): void => undefined;

  release(point: Point, how: How): void {
    const first = this.points[0];
    if (first !== undefined && distance(first, point) > LEAST_DRAG * this.painting.marking.pixel) this.enter(point, how);
  }

  enter(point: Point, how: How): void {
    const first = this.points[0];
    if (first === undefined) this.points = [point];
    else this.paint(rectRuns(between(first, point), this.painting.marking.size), how);
  }

  draw({ brush, colour, pixel }: Pen, at: Point | null): void {
    const first = this.points[0];
    if (first === undefined || at === null) return;
    const { x, y, width, height } = between(first, at);
    brush.strokeStyle = colour;
    brush.lineWidth = 2 * pixel;
    brush.strokeRect(x, y, width, height);
  }
}

export class OutlineTool extends AreaTool implements Tool {
  readonly name = 'outline';
  readonly key = 'p';
  readonly icon = 'outline';

  press(point: Point, how: How): void {
    this.enter(point, how);
  }

  readonly drag = (): void => undefined;
  readonly release = (): void => undefined;

  enter(point: Point, how: How): void {
    const first = this.points[0];
    if (first !== undefined && this.points.length >= FEWEST && distance(first, point) <= NEAR * this.painting.marking.pixel) this.#close(how);
    else this.points = [...this.points, point];
  }

  readonly finish = (): void => this.#close({ isFree: false });

  draw(pen: Pen, at: Point | null): void {
    drawOutline(pen, this.points, at, false);
  }

  #close(how: Pick<How, 'isFree'>): void {
    if (this.points.length < FEWEST) this.painting.marking.say(t('polygons.tooFew'));
    else this.paint(ringRuns(this.points, this.painting.marking.size), how);
  }
}

export class FillTool extends AreaTool implements Tool {
  readonly name = 'fill';
  readonly key = 'm';
  readonly icon = 'fill';
  readonly #segmenter: () => Segmenter;
  /** The question whose answer is waited for; 0 for none. */
  #asked = $state(0);
  #n = 0;

  constructor(painting: Painting, segmenter: () => Segmenter = () => growing) {
    super(painting);
    this.#segmenter = segmenter;
  }

  override get isBusy(): boolean {
    return this.#asked > 0;
  }

  override cancel(): void {
    this.#asked = 0;
  }

  override back(): boolean {
    const { isBusy } = this;
    this.cancel();
    return isBusy;
  }

  press(point: Point, how: How): void {
    void this.#fill(point, how);
  }

  readonly drag = (): void => undefined;
  readonly release = (): void => undefined;

  enter(point: Point, how: How): void {
    void this.#fill(point, how);
  }

  /** What is seen of the image is filled; what is not seen stays as it is. */
  async #fill(point: Point, how: How): Promise<void> {
    const { marking } = this.painting;
    const seen = seenPart(marking);
    const { x, y, width, height } = seen.part;
    if (this.isBusy || point[0] < x || point[1] < y || point[0] >= x + width || point[1] >= y + height) return;
    const pixels = marking.picture.pixels(seen.part, seen.columns, seen.rows);
    const seed = { x: ((point[0] - x) / width) * seen.columns, y: ((point[1] - y) / height) * seen.rows, isInside: true };
    const asked = (this.#n += 1);
    this.#asked = asked;
    try {
      const found = this.#segmenter().segment(pixels, { points: [seed] });
      if (found instanceof Promise) marking.say(t('masks.segmenting'));
      const mask = await found;
      if (this.#asked === asked) this.paint(bitmapRuns(mask, seen.columns, seen.part, marking.size), how);
    } catch (error) {
      if (this.#asked === asked) marking.say(t('masks.segmenterFailed', { reason: error instanceof Error ? error.message : String(error) }));
    } finally {
      if (this.#asked === asked) this.#asked = 0;
    }
  }
}

/** What is seen of the image, and how many pixels of it are looked at. */
function seenPart({ view, size }: Painting['marking']): { part: Rect; columns: number; rows: number } {
  const [left, top] = view.toImage([0, 0]);
  const [right, bottom] = view.toImage([view.frame.width, view.frame.height]);
  const [x, y] = [Math.floor(clamp(left, 0, size.width - 1)), Math.floor(clamp(top, 0, size.height - 1))];
  const part = { x, y, width: Math.ceil(clamp(right, x + 1, size.width)) - x, height: Math.ceil(clamp(bottom, y + 1, size.height)) - y };
  const scale = Math.min(1, LONGEST / Math.max(part.width, part.height));
  return { part, columns: Math.max(1, Math.round(part.width * scale)), rows: Math.max(1, Math.round(part.height * scale)) };
}
