/** Boxes: mark things in an image by rectangles, upright or turned. */
import type { Answer, BoxesQuestion, Payload } from '../../api';
import BoxesEditor from '../../editors/Boxes.svelte';
import { t, tn } from '../../i18n';
import { HUNDRED, hundredths, noPlace, NOWHERE, outside, plain, sizeIn } from '../../images/coordinates';
import type { Size } from '../../images/geometry';
import type { Box } from '../../images/shapes/box';
import BoxesShow from '../../shows/Boxes.svelte';
import Boxes from '../../widgets/Boxes.svelte';
import type { Checked, Kind } from '../kind';
import { checkRegions } from '../check-regions';
import { shown } from '../texts';

type Place = Omit<Box, 'label' | 'attributes'>;

const FULL_TURN = 360 * HUNDRED;

function fits(place: Record<'x' | 'y' | 'width' | 'height', number>, { width, height }: Size, isTurned: boolean): boolean {
  const [right, bottom] = [width * HUNDRED, height * HUNDRED];
  if (!isTurned) return place.x >= 0 && place.y >= 0 && place.x + place.width <= right && place.y + place.height <= bottom;
  const [x, y] = [2 * place.x + place.width, 2 * place.y + place.height];
  return x >= 0 && x <= 2 * right && y >= 0 && y <= 2 * bottom && Math.max(place.width, place.height) <= right + bottom;
}

function placeOf(question: BoxesQuestion, parts: Record<string, unknown>, size: Size): Checked<Place> {
  const [x, y, w, h] = ['x', 'y', 'width', 'height'].map((key) => hundredths(parts[key]));
  const angle = hundredths(parts['rotation'] === undefined ? 0 : parts['rotation']);
  if (typeof x !== 'number' || typeof y !== 'number' || typeof w !== 'number' || typeof h !== 'number' || angle === null) return noPlace(parts);
  const rotation = ((angle % FULL_TURN) + FULL_TURN) % FULL_TURN;
  if (w <= 0 || h <= 0) return { fault: t('fault.noArea', { value: shown(parts) }) };
  if (rotation !== 0 && question.rotated !== true) return { fault: t('fault.notTurned') };
  // A corner and a size that were both rounded up may reach a hundredth further.
  const isOver = (start: number, length: number, end: number) => (rotation === 0 && start + length === end * HUNDRED + 1 ? 1 : 0);
  const place = { x, y, width: w - isOver(x, w, size.width), height: h - isOver(y, h, size.height) };
  if (place.width <= 0 || place.height <= 0 || !fits(place, size, rotation !== 0)) return outside(parts, size);
  const box = { x: plain(x), y: plain(y), width: plain(place.width), height: plain(place.height) };
  return { answer: rotation === 0 ? box : { ...box, rotation: plain(rotation) } };
}

function check(question: BoxesQuestion, answer: Answer, payload: Payload): Checked<Box[]> {
  const size = sizeIn(payload, question.field);
  return checkRegions<Box>(question, answer, payload, {
    hasPlace: size !== null,
    keys: ['x', 'y', 'width', 'height'],
    further: ['rotation'],
    place: (parts) => placeOf(question, parts, size ?? NOWHERE),
    order: ({ x, y, width, height, rotation = 0 }) => [x, y, width, height, rotation],
  });
}

const kind: Kind<BoxesQuestion, Box[]> = {
  isAnswered: () => true,
  check,
  brief: (_question, answer) => (answer.length === 0 ? t('spans.nothing') : tn('boxes.brief', answer.length)),
  field: (question) => question.field,
  options: (question) => question.labels,
  Widget: Boxes,
  Editor: BoxesEditor,
  Show: BoxesShow,
};

export default kind;
