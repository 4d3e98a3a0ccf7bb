/** What a kind of region is on an image: how it is drawn, hit, and changed by its grips. */
import type { Region } from '../../questions/regions.svelte';
import type { Bounds, Point, Size } from '../geometry';

/** A place of a region that can be taken hold of. */
export interface Grip {
  at: Point;
  kind: 'corner' | 'edge' | 'turn' | 'vertex' | 'between';
  /** What it is called, for who cannot see it. */
  name: string;
}

/** How a grip is moved. */
export interface Drag {
  /** In steps: of 15° when turning, and with the sides in proportion. */
  isStepped: boolean;
  image: Size;
}

export interface Shape<R extends Region> {
  bounds: (region: R) => Bounds;
  /** Whether a point is on the region; `slack` pixels beside its line count. */
  hits: (region: R, point: Point, slack: number) => boolean;
  /** Adds the region's outline to `path`; shapes that are no outline have `paint`. */
  trace?: (path: Path2D, region: R) => void;
  paint?: (brush: CanvasRenderingContext2D, region: R, colour: string, pixel: number, isChosen: boolean) => void;
  grips?: (region: R, pixel: number) => Grip[];
  /** The region with a grip moved to a place. */
  drag?: (region: R, grip: number, to: Point, how: Drag) => R;
  /** Which grip it is once it was dragged; one between two corners becomes a corner. */
  gripAfter?: (region: R, grip: number) => number;
  /** Without a grip; null when it has to stay. */
  withoutGrip?: (region: R, grip: number) => R | null;
  /** The region somewhere else, as far as the image allows. */
  move?: (region: R, dx: number, dy: number, image: Size) => R;
  /** Places that other shapes snap to. */
  corners?: (region: R) => readonly Point[];
  /** Whether it cannot be as it is, such as an outline that crosses itself; it is shown so, and not kept. */
  isFaulty?: (region: R) => boolean;
  /** Where the name of the region is written. */
  anchor: (region: R) => Point;
}
