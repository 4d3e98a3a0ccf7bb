/** Keypoints: mark the same named points on every body in an image. */
import type { Answer, KeypointsQuestion, Payload } from '../../api';
import KeypointsEditor from '../../editors/Keypoints.svelte';
import { t, tn } from '../../i18n';
import { HUNDRED, hundredths, noPlace, NOWHERE, outside, plain, sizeIn } from '../../images/coordinates';
import type { Size } from '../../images/geometry';
import { HIDDEN, VISIBLE, type Body, type Keypoint } from '../../images/shapes/body';
import KeypointsShow from '../../shows/Keypoints.svelte';
import Keypoints from '../../widgets/Keypoints.svelte';
import { checkRegions } from '../check-regions';
import type { Checked, Kind } from '../kind';
import { shown } from '../texts';

function pointOf(raw: unknown, size: Size): Checked<Keypoint> {
  const parts: unknown[] = Array.isArray(raw) ? raw : [];
  const [x, y] = [hundredths(parts[0]), hundredths(parts[1])];
  const seen = parts[2];
  if (parts.length !== 3 || x === null || y === null || (seen !== HIDDEN && seen !== VISIBLE)) return noPlace(raw);
  if (x < 0 || y < 0 || x > size.width * HUNDRED || y > size.height * HUNDRED) return outside(raw, size);
  return { answer: [plain(x), plain(y), seen] };
}

function placeOf(question: KeypointsQuestion, given: unknown, size: Size): Checked<Pick<Body, 'points'>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given) || Object.keys(given).length === 0) return { fault: t('fault.noPoints', { value: shown(given) }) };
  const parts = given as Record<string, unknown>;
  const unknown = Object.keys(parts).find((name) => !question.points.some(({ value }) => value === name));
  if (unknown !== undefined) return { fault: t('fault.option', { value: shown(unknown) }) };
  const points: Record<string, Keypoint> = {};
  for (const { value } of question.points) {
    if (!(value in parts)) continue;
    const verdict = pointOf(parts[value], size);
    if ('fault' in verdict) return verdict;
    points[value] = verdict.answer;
  }
  return { answer: { points } };
}

function check(question: KeypointsQuestion, answer: Answer, payload: Payload): Checked<Body[]> {
  const size = sizeIn(payload, question.field);
  return checkRegions<Body>(question, answer, payload, {
    hasPlace: size !== null,
    keys: ['points'],
    place: ({ points }) => placeOf(question, points, size ?? NOWHERE),
    order: ({ points }) => question.points.map(({ value }) => points[value] ?? []),
  });
}

const kind: Kind<KeypointsQuestion, Body[]> = {
  isAnswered: () => true,
  check,
  brief: (_question, answer) => (answer.length === 0 ? t('spans.nothing') : tn('keypoints.brief', answer.length)),
  field: (question) => question.field,
  options: (question) => question.labels,
  Widget: Keypoints,
  Editor: KeypointsEditor,
  Show: KeypointsShow,
};

export default kind;
