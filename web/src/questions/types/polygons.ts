/** Polygons: outline things in an image, with holes. */
import type { Answer, Payload, PolygonsQuestion } from '../../api';
import PolygonsEditor from '../../editors/Polygons.svelte';
import { t, tn } from '../../i18n';
import { HUNDRED, hundredths, noPlace, NOWHERE, outside, plain, sizeIn } from '../../images/coordinates';
import { doubleArea, type Point, type Size } from '../../images/geometry';
import { cleaned, crossing, isInside, ringsMeet } from '../../images/outlines';
import type { Polygon } from '../../images/shapes/polygon';
import PolygonsShow from '../../shows/Polygons.svelte';
import Polygons from '../../widgets/Polygons.svelte';
import { checkRegions, compareAll } from '../check-regions';
import type { Checked, Kind } from '../kind';
import { shown } from '../texts';

const MOST_POINTS = 5000;
const MOST_HOLES = 100;

/** Clockwise from the leftmost corner on (of two, the upper): the same outline is the same list. */
function inOrder(ring: readonly Point[]): Point[] {
  const first = ring.reduce((best, point, i) => (compareAll(point, ring[best] ?? point) < 0 ? i : best), 0);
  const [start, ...rest] = [...ring.slice(first), ...ring.slice(0, first)];
  if (start === undefined) return [];
  return [start, ...(doubleArea(ring) > 0 ? rest : rest.reverse())];
}

/** A ring in hundredths, those of its corners different that follow each other. */
function ringOf(raw: unknown, size: Size): Checked<Point[]> {
  if (!Array.isArray(raw) || raw.length > MOST_POINTS) return noPlace(raw);
  const points: Point[] = [];
  for (const entry of raw as unknown[]) {
    const pair = Array.isArray(entry) && entry.length === 2 ? (entry as unknown[]) : [];
    const [x, y] = [hundredths(pair[0]), hundredths(pair[1])];
    if (x === null || y === null) return noPlace(entry);
    if (x < 0 || y < 0 || x > size.width * HUNDRED || y > size.height * HUNDRED) return outside(entry, size);
    points.push([x, y]);
  }
  const ring = cleaned(points);
  if (ring === null) return { fault: t('fault.noArea', { value: shown(raw) }) };
  return crossing(ring) === null ? { answer: inOrder(ring) } : { fault: t('fault.crossing') };
}

function holesOf(outline: readonly Point[], raw: unknown, size: Size): Checked<Point[][]> {
  if (!Array.isArray(raw) || raw.length > MOST_HOLES) return noPlace(raw);
  const holes: Point[][] = [];
  for (const entry of raw as unknown[]) {
    const verdict = ringOf(entry, size);
    if ('fault' in verdict) return verdict;
    const hole = verdict.answer;
    const first = hole[0];
    if (first === undefined || ringsMeet(outline, hole) || !isInside(first, outline)) return { fault: t('fault.hole') };
    const isApart = holes.every((other) => !(ringsMeet(hole, other) || isInside(first, other) || isInside(other[0] ?? first, hole)));
    if (!isApart) return { fault: t('fault.holes') };
    holes.push(hole);
  }
  return { answer: holes };
}

function placeOf(parts: Record<string, unknown>, size: Size): Checked<Pick<Polygon, 'points' | 'holes'>> {
  const outline = ringOf(parts['points'], size);
  if ('fault' in outline) return outline;
  const holes = holesOf(outline.answer, parts['holes'] === undefined ? [] : parts['holes'], size);
  if ('fault' in holes) return holes;
  const written = (ring: readonly Point[]): [number, number][] => ring.map(([x, y]) => [plain(x), plain(y)]);
  const points = written(outline.answer);
  return { answer: holes.answer.length === 0 ? { points } : { points, holes: holes.answer.map(written).sort(compareAll) } };
}

function check(question: PolygonsQuestion, answer: Answer, payload: Payload): Checked<Polygon[]> {
  const size = sizeIn(payload, question.field);
  return checkRegions<Polygon>(question, answer, payload, {
    hasPlace: size !== null,
    keys: ['points'],
    further: ['holes'],
    place: (parts) => placeOf(parts, size ?? NOWHERE),
    order: ({ points, holes = [] }) => [points, holes],
  });
}

const kind: Kind<PolygonsQuestion, Polygon[]> = {
  isAnswered: () => true,
  check,
  brief: (_question, answer) => (answer.length === 0 ? t('spans.nothing') : tn('polygons.brief', answer.length)),
  field: (question) => question.field,
  options: (question) => question.labels,
  Widget: Polygons,
  Editor: PolygonsEditor,
  Show: PolygonsShow,
};

export default kind;
