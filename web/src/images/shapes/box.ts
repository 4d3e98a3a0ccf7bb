/** Boxes: upright or turned about their centre. */
import type { Answers } from '../../api';
import { t } from '../../i18n';
import { add, bearing, boundsOf, clamp, distanceTo, holds, middle, minus, rounded, sidesOf, turned, type Point, type Rect, type Size } from '../geometry';
import type { Drag, Grip, Shape } from './shape';

export interface Box extends Rect {
  /** Degrees clockwise about the centre; left out when there are none. */
  rotation?: number;
  label: string;
  attributes?: Answers;
}

const LEAST = 1;
const STEP_DEGREES = 15;
const HANDLE = 24;

export const centreOf = ({ x, y, width, height }: Rect): Point => [x + width / 2, y + height / 2];

/** The corners clockwise from the one that is top left when the box is upright. */
export function cornersOf(box: Rect & { rotation?: number }): [Point, Point, Point, Point] {
  const { x, y, width, height, rotation = 0 } = box;
  const centre = centreOf(box);
  const at = (px: number, py: number): Point => turned([px, py], centre, rotation);
  return [at(x, y), at(x + width, y), at(x + width, y + height), at(x, y + height)];
}

/** The box with numbers of two decimals, an angle in [0, 360), and none where it is 0. */
export function tidy<B extends Rect & { rotation?: number }>(box: B): B {
  const { rotation = 0, ...rest } = box;
  const angle = rounded(((rotation % 360) + 360) % 360) % 360;
  const place = { ...rest, x: rounded(box.x), y: rounded(box.y), width: rounded(box.width), height: rounded(box.height) };
  return (angle === 0 ? place : { ...place, rotation: angle }) as B;
}

/** Where each grip lies in the box: -1, 0, 1 from left to right and from top to bottom. */
const PLACES: readonly (readonly [number, number])[] = [
  [-1, -1],
  [0, -1],
  [1, -1],
  [1, 0],
  [1, 1],
  [0, 1],
  [-1, 1],
  [-1, 0],
];

/** The box with one side or corner at `to`; what lies opposite stays where it is. */
function resized(box: Box, [right, down]: readonly [number, number], to: Point, { isStepped, image }: Drag): Box {
  const { rotation = 0 } = box;
  const centre = centreOf(box);
  const local = turned(rotation === 0 ? [clamp(to[0], 0, image.width), clamp(to[1], 0, image.height)] : to, centre, -rotation);
  const fixed: Point = [centre[0] - (right * box.width) / 2, centre[1] - (down * box.height) / 2];
  let width = right === 0 ? box.width : Math.max(LEAST, (local[0] - fixed[0]) * right);
  let height = down === 0 ? box.height : Math.max(LEAST, (local[1] - fixed[1]) * down);
  if (isStepped && right !== 0 && down !== 0) {
    const factor = Math.min(width / box.width, height / box.height);
    [width, height] = [box.width * factor, box.height * factor];
  }
  const moved: Point = [right === 0 ? centre[0] : fixed[0] + (right * width) / 2, down === 0 ? centre[1] : fixed[1] + (down * height) / 2];
  const [cx, cy] = turned(moved, centre, rotation);
  return tidy({ ...box, x: cx - width / 2, y: cy - height / 2, width, height });
}

/** The box turned so that its top points to `to`. */
function rotatedTo(box: Box, to: Point, { isStepped }: Drag): Box {
  const angle = bearing(centreOf(box), to);
  return tidy({ ...box, rotation: isStepped ? Math.round(angle / STEP_DEGREES) * STEP_DEGREES : angle });
}

export function rotatedBy(box: Box, degrees: number): Box {
  return tidy({ ...box, rotation: (box.rotation ?? 0) + degrees });
}

/** As far as the centre of a turned box, and all of an upright one, stays in the image. */
function moved(box: Box, dx: number, dy: number, image: Size): Box {
  const [left, top, right, bottom] = box.rotation === undefined ? [box.x, box.y, box.x + box.width, box.y + box.height] : boundsOf([centreOf(box)]);
  const x = box.x + clamp(dx, -left, Math.max(-left, image.width - right));
  const y = box.y + clamp(dy, -top, Math.max(-top, image.height - bottom));
  return tidy({ ...box, x, y });
}

/** Boxes as they are marked; with `canTurn` they have a grip to turn them by. */
export function boxShape(canTurn: boolean): Shape<Box> {
  const turnGrip = (box: Box, pixel: number): Point => {
    const top = middle(cornersOf(box)[0], cornersOf(box)[1]);
    const [x, y] = minus(top, centreOf(box));
    const length = Math.hypot(x, y) || 1;
    return add(top, [(x / length) * HANDLE * pixel, (y / length) * HANDLE * pixel]);
  };
  return {
    bounds: (box) => boundsOf(cornersOf(box)),
    hits: (box, point, slack) => {
      const corners = cornersOf(box);
      return holds(corners, point) || [...sidesOf(corners)].some(([a, b]) => distanceTo(point, a, b) <= slack);
    },
    trace: (path, box) => {
      if (box.rotation === undefined) {
        path.rect(box.x, box.y, box.width, box.height);
        return;
      }
      for (const [i, [x, y]] of cornersOf(box).entries()) {
        if (i === 0) path.moveTo(x, y);
        else path.lineTo(x, y);
      }
      path.closePath();
    },
    grips: (box, pixel): Grip[] => {
      const { rotation = 0 } = box;
      const centre = centreOf(box);
      const grips = PLACES.map(([right, down], i): Grip => {
        const at = turned([centre[0] + (right * box.width) / 2, centre[1] + (down * box.height) / 2], centre, rotation);
        return { at, kind: i % 2 === 0 ? 'corner' : 'edge', name: t(i % 2 === 0 ? 'image.corner' : 'image.edge', { n: Math.floor(i / 2) + 1 }) };
      });
      return canTurn ? [...grips, { at: turnGrip(box, pixel), kind: 'turn', name: t('image.turnGrip') }] : grips;
    },
    drag: (box, grip, to, how) => {
      const place = PLACES[grip];
      return place === undefined ? rotatedTo(box, to, how) : resized(box, place, to, how);
    },
    move: moved,
    corners: (box) => cornersOf(box),
    anchor: (box) => cornersOf(box)[0],
  };
}
