/** Marking regions on an image: the tools, the crosshair, and what is being changed but not yet said. */
import { t } from '../i18n';
import type { Region, Regions } from '../questions/regions.svelte';
import { labelOf } from '../questions/texts';
import { boundsOf, clamp, distance, inside, meet, type Point, type Size } from './geometry';
import type { Picture } from './picture.svelte';
import type { Shape } from './shapes/shape';
import type { How, Tool, ToolName } from './tools/tool';
import type { View } from './view.svelte';

/** Screen pixels around a point in which it is still hit; a finger needs more. */
const SLACK = 7;
const TOUCH_SLACK = 18;
const SNAP = 8;
const PASTED_BESIDE = 12;

export interface MarkingParts<R extends Region> {
  regions: Regions<R>;
  shape: Shape<R>;
  picture: Picture;
  view: View;
  say: (text: string) => void;
  /** A region in few words, besides its label. */
  nameOf: (region: R) => string;
}

/** A size that a tool has. */
export interface Sizes {
  value: number;
  least: number;
  most: number;
  set: (size: number) => void;
}

/** What there is before the kind of region is known. */
export type Begun<R extends Region> = Omit<MarkingParts<R>, 'shape' | 'nameOf'>;

export class Marking<R extends Region> {
  readonly regions: Regions<R>;
  readonly shape: Shape<R>;
  readonly picture: Picture;
  readonly view: View;
  readonly size: Size;
  readonly say: (text: string) => void;
  readonly nameOf: (region: R) => string;
  tools: readonly Tool[] = [];
  toolName = $state<ToolName>('select');
  /** Where keys mark; null while the mouse does. */
  crosshair = $state.raw<Point | null>(null);
  /** Where the pointer is. */
  pointer = $state.raw<Point | null>(null);
  /** A region as it will be when the pointer lets go of it. */
  changed = $state.raw<ReadonlyMap<number, R>>(new Map());
  /** The grip of the chosen region that keys move. */
  grip = $state(-1);
  hasSnap = $state(true);
  #hidden = $state.raw<ReadonlySet<R>>(new Set());
  #locked = $state.raw<ReadonlySet<R>>(new Set());
  #copied: readonly R[] = [];
  #lastDrawn: ToolName = 'select';

  constructor({ regions, shape, picture, view, say, nameOf }: MarkingParts<R>) {
    [this.regions, this.shape, this.picture, this.view] = [regions, shape, picture, view];
    [this.say, this.nameOf, this.size] = [say, nameOf, picture.media];
  }

  get tool(): Tool {
    const found = this.tools.find(({ name }) => name === this.toolName) ?? this.tools[0];
    if (found === undefined) throw new RangeError('there is no tool');
    return found;
  }

  /** Where the next mark would be. */
  get at(): Point | null {
    return this.crosshair ?? this.pointer;
  }

  /** How long one screen pixel is on the image. */
  get pixel(): number {
    return 1 / this.view.scale;
  }

  slack(how?: How): number {
    return (how?.isTouch === true ? TOUCH_SLACK : SLACK) * this.pixel;
  }

  takeTools(tools: readonly Tool[], first: ToolName): void {
    this.tools = tools;
    this.toolName = first;
    this.#lastDrawn = first;
  }

  take(name: ToolName): void {
    this.tool.cancel();
    this.toolName = name;
    if (name !== 'select' && name !== 'pan') this.#lastDrawn = name;
    this.say(t(`image.tool.${name}`));
  }

  /** A new region with the tool that made the last one. */
  again(): void {
    this.tool.cancel();
    this.regions.choose(-1);
    this.toolName = this.#lastDrawn;
    this.say(t(`image.tool.${this.#lastDrawn}`));
  }

  /** A region as it is seen now, also while it is moved. */
  regionAt(i: number): R | null {
    return this.changed.get(i) ?? this.regions.list[i] ?? null;
  }

  isHidden(region: R): boolean {
    return this.#hidden.has(region);
  }

  isLocked(i: number): boolean {
    const region = this.regions.list[i];
    return region !== undefined && this.#locked.has(region);
  }

  /** The region under a point: a chosen one first, then the smallest. */
  hit(point: Point, slack: number): number {
    const around = boundsOf([point]);
    const near = [around[0] - slack, around[1] - slack, around[2] + slack, around[3] + slack] as const;
    const { list, chosenAll } = this.regions;
    let [best, least] = [-1, Infinity];
    for (const [i, region] of list.entries()) {
      const bounds = this.shape.bounds(region);
      if (!meet(bounds, near) || this.isHidden(region) || !this.shape.hits(region, point, slack)) continue;
      const size = chosenAll.includes(i) ? -1 : (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]);
      if (size < least) [best, least] = [i, size];
    }
    return best;
  }

  /** The grip of the chosen region under a point, or -1. */
  gripAt(point: Point, slack: number): number {
    const region = this.regions.chosen < 0 || this.isLocked(this.regions.chosen) ? null : this.regions.region;
    if (region === null) return -1;
    const grips = this.shape.grips?.(region, this.pixel) ?? [];
    let [best, least] = [-1, slack];
    for (const [i, { at }] of grips.entries()) {
      const away = distance(at, point);
      if (away <= least) [best, least] = [i, away];
    }
    return best;
  }

  /** A point in the image, drawn to an edge of it or to a corner of another shape where one is near. */
  snapped(point: Point, how: Pick<How, 'isFree'>, besides: number = this.regions.chosen): Point {
    const [x, y] = inside(point, this.size);
    if (!this.hasSnap || how.isFree) return [x, y];
    const reach = SNAP * this.pixel;
    let corner: Point | null = null;
    let [bestX, bestY, nearest] = [x, y, reach];
    let [offX, offY] = [reach, reach];
    const consider = (cx: number, cy: number): void => {
      if (Math.abs(cx - x) < offX) [bestX, offX] = [cx, Math.abs(cx - x)];
      if (Math.abs(cy - y) < offY) [bestY, offY] = [cy, Math.abs(cy - y)];
    };
    for (const [i, region] of this.regions.list.entries()) {
      if (i === besides || this.isHidden(region)) continue;
      for (const [cx, cy] of this.shape.corners?.(region) ?? []) {
        const away = distance([cx, cy], [x, y]);
        if (away < nearest) [corner, nearest] = [[cx, cy], away];
        consider(cx, cy);
      }
    }
    if (corner !== null) return inside(corner, this.size);
    consider(0, 0);
    consider(this.size.width, this.size.height);
    return inside([bestX, bestY], this.size);
  }

  /** Adds a region with the present label and says so. */
  add(region: Omit<R, 'label'>): void {
    const made = { ...region, label: this.regions.label } as R;
    this.regions.add(made);
    this.grip = -1;
    this.say(t('image.made', { label: labelOf(this.regions.question.labels, made.label), name: this.nameOf(made) }));
  }

  /** What was changed with the pointer is said now, in one step. */
  settle(): void {
    if (this.changed.size === 0) return;
    const changed = this.changed;
    this.changed = new Map();
    if ([...changed.values()].some((region) => this.shape.isFaulty?.(region) === true)) this.say(t('image.faulty'));
    else this.regions.replaceAll(changed);
  }

  /** Moves the chosen regions, or the grip that has the keys; steps in a row are undone together. */
  nudge(dx: number, dy: number): void {
    const { chosen, region } = this.regions;
    const grip = region === null ? undefined : this.shape.grips?.(region, this.pixel)[this.grip];
    if (region !== null && grip !== undefined && this.shape.drag !== undefined && !this.isLocked(chosen)) {
      const to: Point = [grip.at[0] + dx, grip.at[1] + dy];
      const dragged = this.shape.drag(region, this.grip, to, { isStepped: false, image: this.size });
      if (this.shape.isFaulty?.(dragged) === true) {
        this.say(t('image.faulty'));
        return;
      }
      this.regions.replace(chosen, dragged, `grip ${String(this.grip)}`);
      this.grip = this.shape.gripAfter?.(region, this.grip) ?? this.grip;
      this.view.reveal(to);
      return;
    }
    const moved = this.movedBy(dx, dy);
    if (moved.size > 0) this.regions.replaceAll(moved, 'move');
  }

  /** The chosen regions somewhere else; those that are locked stay. */
  movedBy(dx: number, dy: number): Map<number, R> {
    const moved = new Map<number, R>();
    for (const i of this.regions.chosenAll) {
      const region = this.regions.list[i];
      if (region !== undefined && this.shape.move !== undefined && !this.isLocked(i)) moved.set(i, this.shape.move(region, dx, dy, this.size));
    }
    return moved;
  }

  /** The keys go to the next grip of the chosen region. */
  nextGrip(): void {
    const { region } = this.regions;
    const grips = region === null ? [] : (this.shape.grips?.(region, this.pixel) ?? []);
    if (grips.length === 0) return;
    this.grip = this.grip + 1 >= grips.length ? -1 : this.grip + 1;
    const grip = grips[this.grip];
    if (grip !== undefined) this.view.reveal(grip.at);
    this.say(grip === undefined ? t('image.wholeRegion') : `${grip.name} ${this.placeName(grip.at)}`);
  }

  /** Takes the grip that has the keys out of its region; false where there is none. */
  removeGrip(): boolean {
    const { chosen, region } = this.regions;
    if (region === null || this.grip < 0 || this.shape.withoutGrip === undefined) return false;
    const without = this.shape.withoutGrip(region, this.grip);
    if (without === null) this.say(t('image.gripStays'));
    else this.regions.replace(chosen, without);
    return true;
  }

  /** Moves the crosshair; the first time it comes where the image is seen. */
  moveCrosshair(dx: number, dy: number): void {
    const { width, height } = this.view.frame;
    const start = this.crosshair ?? this.view.toImage([width / 2, height / 2]);
    const [x, y] = this.crosshair === null ? start : [start[0] + dx, start[1] + dy];
    this.crosshair = inside([Math.round(x), Math.round(y)], this.size);
    this.view.reveal(this.crosshair);
  }

  copy(): void {
    this.#copied = this.regions.chosenAll.flatMap((i) => this.regions.list[i] ?? []);
    if (this.#copied.length > 0) this.say(t('image.copied', { n: this.#copied.length }));
  }

  /** Puts what was copied (or is chosen) beside where it was. */
  paste(): void {
    const beside = PASTED_BESIDE * this.pixel;
    const first = this.regions.list.length;
    const move = this.shape.move;
    const pasted = this.#copied.map((region) => move?.(region, beside, beside, this.size) ?? { ...region });
    if (pasted.length === 0) return;
    this.regions.addAll(pasted);
    this.#copied = pasted;
    this.say(t('image.pasted', { n: this.regions.list.length - first }));
  }

  duplicate(): void {
    this.copy();
    this.paste();
  }

  /** Hides the chosen regions, or all; shows them again when they are hidden. */
  toggleHidden(): void {
    const { list, chosenAll } = this.regions;
    const some = chosenAll.length > 0 ? chosenAll.flatMap((i) => list[i] ?? []) : list;
    const isHiding = !some.every((region) => this.#hidden.has(region));
    this.#hidden = new Set(isHiding ? [...this.#hidden, ...some] : [...this.#hidden].filter((region) => !some.includes(region)));
    this.say(t(isHiding ? 'image.hidden' : 'image.shown', { n: some.length }));
  }

  /** Locks the chosen regions, or lets them be changed again. */
  toggleLocked(): void {
    const some = this.regions.chosenAll.flatMap((i) => this.regions.list[i] ?? []);
    if (some.length === 0) return;
    const isLocking = !some.every((region) => this.#locked.has(region));
    this.#locked = new Set(isLocking ? [...this.#locked, ...some] : [...this.#locked].filter((region) => !some.includes(region)));
    this.say(t(isLocking ? 'image.locked' : 'image.unlocked', { n: some.length }));
  }

  /** One step back: what is begun, then the crosshair, then what is chosen. */
  escape(): void {
    if (this.tool.isBusy) this.tool.cancel();
    else if (this.grip >= 0) this.grip = -1;
    else if (this.crosshair !== null) this.crosshair = null;
    else this.regions.choose(-1);
  }

  placeName([x, y]: Point): string {
    return t('image.place', { x: clamp(Math.round(x), 0, this.size.width), y: clamp(Math.round(y), 0, this.size.height) });
  }
}
