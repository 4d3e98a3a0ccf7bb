/** Bodies: the same named points on each, some of them hidden, some not in the image. */
import type { Answers, KeypointsQuestion } from '../../api';
import { t } from '../../i18n';
import { boundsOf, clamp, distance, distanceTo, inside, roundedPoint, type Point } from '../geometry';
import type { Grip, Shape } from './shape';

export const HIDDEN = 1;
export const VISIBLE = 2;

/** Right, down, and whether it is seen (2) or hidden (1). */
export type Keypoint = readonly [number, number, number];

export interface Body {
  label: string;
  points: Readonly<Record<string, Keypoint>>;
  attributes?: Answers;
}

const DOT = 4;

export const placeOf = ([x, y]: Keypoint): Point => [x, y];

/** The names of the points that a body has, in the question's order. */
export function namesOf(question: KeypointsQuestion, body: Body): string[] {
  return question.points.map(({ value }) => value).filter((name) => name in body.points);
}

/** The body with a point set; in the question's order. */
export function withPoint(question: KeypointsQuestion, body: Body, name: string, point: Keypoint | null): Body {
  const points: Record<string, Keypoint> = {};
  for (const { value } of question.points) {
    const at = value === name ? point : body.points[value];
    if (at) points[value] = at;
  }
  return { ...body, points };
}

function linesOf({ edges = [] }: KeypointsQuestion, { points }: Body): [Keypoint, Keypoint][] {
  return edges.flatMap(([from, to]): [Keypoint, Keypoint][] => {
    const [one, other] = [points[from], points[to]];
    return one === undefined || other === undefined ? [] : [[one, other]];
  });
}

function paintBody(brush: CanvasRenderingContext2D, question: KeypointsQuestion, body: Body, colour: string, pixel: number, isChosen: boolean): void {
  const halo = getComputedStyle(brush.canvas).getPropertyValue('--paper');
  brush.lineCap = 'round';
  for (const [one, other] of linesOf(question, body)) {
    const isHidden = one[2] === HIDDEN || other[2] === HIDDEN;
    for (const [stroke, width] of [
      [halo, isChosen ? 5 : 4],
      [colour, isChosen ? 3 : 2],
    ] as const) {
      brush.setLineDash(isHidden && stroke === colour ? [3 * pixel, 5 * pixel] : []);
      brush.strokeStyle = stroke;
      brush.lineWidth = width * pixel;
      brush.beginPath();
      brush.moveTo(one[0], one[1]);
      brush.lineTo(other[0], other[1]);
      brush.stroke();
    }
  }
  brush.setLineDash([]);
  for (const [x, y, seen] of Object.values(body.points)) {
    brush.beginPath();
    brush.arc(x, y, DOT * pixel, 0, 2 * Math.PI);
    // A hidden point is a ring, one that is seen is full.
    brush.fillStyle = seen === HIDDEN ? halo : colour;
    brush.strokeStyle = seen === HIDDEN ? colour : halo;
    brush.lineWidth = 1.5 * pixel;
    brush.fill();
    brush.stroke();
  }
}

export function bodyShape(question: KeypointsQuestion): Shape<Body> {
  const labelOf = (name: string): string => question.points.find(({ value }) => value === name)?.label ?? name;
  const all = (body: Body): Point[] => Object.values(body.points).map(placeOf);
  return {
    bounds: (body) => boundsOf(all(body)),
    hits: (body, point, slack) =>
      all(body).some((at) => distance(at, point) <= 1.5 * slack) || linesOf(question, body).some(([one, other]) => distanceTo(point, placeOf(one), placeOf(other)) <= slack),
    paint: (brush, body, colour, pixel, isChosen) => paintBody(brush, question, body, colour, pixel, isChosen),
    grips: (body) =>
      namesOf(question, body).flatMap((name): Grip[] => {
        const point = body.points[name];
        if (point === undefined) return [];
        return [{ at: placeOf(point), kind: 'vertex', name: point[2] === HIDDEN ? t('keypoints.hiddenPoint', { name: labelOf(name) }) : labelOf(name) }];
      }),
    drag: (body, grip, to, { image }) => {
      const name = namesOf(question, body)[grip];
      const point = name === undefined ? undefined : body.points[name];
      return name === undefined || point === undefined ? body : withPoint(question, body, name, [...roundedPoint(inside(to, image)), point[2]]);
    },
    withoutGrip: (body, grip) => {
      const names = namesOf(question, body);
      const name = names[grip];
      return name === undefined || names.length < 2 ? null : withPoint(question, body, name, null);
    },
    move: (body, dx, dy, image) => {
      const [left, top, right, bottom] = boundsOf(all(body));
      const [x, y] = [clamp(dx, -left, image.width - right), clamp(dy, -top, image.height - bottom)];
      const points = Object.entries(body.points).map(([name, [px, py, seen]]) => [name, [...roundedPoint([px + x, py + y]), seen] as const]);
      return { ...body, points: Object.fromEntries(points) as Body['points'] };
    },
    anchor: (body) => {
      const [left, top] = boundsOf(all(body));
      return [left, top];
    },
  };
}
