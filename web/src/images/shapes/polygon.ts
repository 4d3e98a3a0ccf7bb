/** Polygons: an outline, and the holes in it. */
import type { Answers } from '../../api';
import { t } from '../../i18n';
import { boundsOf, clamp, distanceTo, doubleArea, inside, middle, roundedPoint, sidesOf, type Point, type Size } from '../geometry';
import { isInside, ringsFit } from '../outlines';
import type { Grip, Shape } from './shape';

export type Ring = readonly Point[];

export interface Polygon {
  points: Ring;
  holes?: readonly Ring[];
  label: string;
  attributes?: Answers;
}

const FEWEST = 3;

export const ringsOf = ({ points, holes = [] }: Pick<Polygon, 'points' | 'holes'>): readonly Ring[] => [points, ...holes];

/** The polygon made of a first ring and holes. */
export function withRings(polygon: Polygon, rings: readonly Ring[]): Polygon {
  const [points = [], ...holes] = rings;
  const { holes: _before, ...rest } = polygon;
  void _before;
  return holes.length === 0 ? { ...rest, points } : { ...rest, points, holes };
}

/** A corner, or the middle between two, by its number among the grips. */
interface Place {
  ring: number;
  corner: number;
  isBetween: boolean;
}

function placesOf(polygon: Polygon): Place[] {
  const rings = ringsOf(polygon);
  const all = (isBetween: boolean) => rings.flatMap((ring, i) => ring.map((_point, corner): Place => ({ ring: i, corner, isBetween })));
  return [...all(false), ...all(true)];
}

function traceRing(path: Path2D, ring: Ring, isForward: boolean): void {
  const turned = doubleArea(ring) > 0 === isForward ? ring : ring.toReversed();
  for (const [i, [x, y]] of turned.entries()) {
    if (i === 0) path.moveTo(x, y);
    else path.lineTo(x, y);
  }
  path.closePath();
}

function moved(polygon: Polygon, dx: number, dy: number, image: Size): Polygon {
  const [left, top, right, bottom] = boundsOf(polygon.points);
  const [x, y] = [clamp(dx, -left, image.width - right), clamp(dy, -top, image.height - bottom)];
  return withRings(
    polygon,
    ringsOf(polygon).map((ring) => ring.map(([px, py]) => roundedPoint([px + x, py + y]))),
  );
}

function dragged(polygon: Polygon, grip: number, to: Point, image: Size): Polygon {
  const place = placesOf(polygon)[grip];
  if (place === undefined) return polygon;
  const at = roundedPoint(inside(to, image));
  const rings = ringsOf(polygon).map((ring, i): Ring => {
    if (i !== place.ring) return ring;
    return place.isBetween ? ring.toSpliced(place.corner + 1, 0, at) : ring.with(place.corner, at);
  });
  return withRings(polygon, rings);
}

/** Where the grip of a corner is that was just set between two. */
function gripOfNew(polygon: Polygon, grip: number): number {
  const place = placesOf(polygon)[grip];
  if (place?.isBetween !== true) return grip;
  const before = ringsOf(polygon).slice(0, place.ring);
  return before.reduce((sum, ring) => sum + ring.length, 0) + place.corner + 1;
}

function withoutCorner(polygon: Polygon, grip: number): Polygon | null {
  const place = placesOf(polygon)[grip];
  const rings = ringsOf(polygon);
  const ring = place === undefined ? undefined : rings[place.ring];
  if (place === undefined || ring === undefined || place.isBetween) return null;
  if (ring.length > FEWEST) return withRings(polygon, rings.with(place.ring, ring.toSpliced(place.corner, 1)));
  // A hole that has too few corners left goes as a whole.
  return place.ring > 0 ? withRings(polygon, rings.toSpliced(place.ring, 1)) : null;
}

export const polygonShape: Shape<Polygon> = {
  bounds: ({ points }) => boundsOf(points),
  hits: (polygon, point, slack) => {
    const isIn = isInside(point, polygon.points) && !(polygon.holes ?? []).some((hole) => isInside(point, hole));
    return isIn || ringsOf(polygon).some((ring) => [...sidesOf(ring)].some(([a, b]) => distanceTo(point, a, b) <= slack));
  },
  trace: (path, polygon) => {
    for (const [i, ring] of ringsOf(polygon).entries()) traceRing(path, ring, i === 0);
  },
  grips: (polygon) =>
    placesOf(polygon).flatMap(({ ring, corner, isBetween }): Grip[] => {
      const points = ringsOf(polygon)[ring] ?? [];
      const [here, next] = [points[corner], points[(corner + 1) % points.length]];
      if (here === undefined || next === undefined) return [];
      const number = { n: corner + 1 };
      if (isBetween) return [{ at: middle(here, next), kind: 'between', name: t('polygons.between', number) }];
      return [{ at: here, kind: 'vertex', name: ring === 0 ? t('polygons.corner', number) : t('polygons.holeCorner', { ...number, hole: ring }) }];
    }),
  drag: (polygon, grip, to, { image }) => dragged(polygon, grip, to, image),
  gripAfter: gripOfNew,
  isFaulty: (polygon) => !ringsFit(ringsOf(polygon)),
  withoutGrip: withoutCorner,
  move: moved,
  corners: ({ points }) => points,
  anchor: ({ points }) => points.reduce((best, point) => (point[1] < best[1] ? point : best), points[0] ?? [0, 0]),
};
