/** What marking keypoints is made of. */
import type { KeypointsQuestion } from '../api';
import { t } from '../i18n';
import type { Binding } from '../lib/keys.svelte';
import { taken } from './keys';
import { Marking, type Begun } from './marking.svelte';
import { bodyShape, HIDDEN, namesOf, VISIBLE, withPoint, type Body } from './shapes/body';
import { KeypointTool } from './tools/keypoint.svelte';
import { PanTool } from './tools/pan';
import { SelectTool } from './tools/select.svelte';

export const KEYPOINT_KEYS = taken('k', 'o', 'x');

export const bodyName = ({ points }: Body): string => t('keypoints.name', { n: Object.keys(points).length });

export function bodyMarking(parts: Begun<Body>, question: KeypointsQuestion): Marking<Body> {
  const marking = new Marking<Body>({ ...parts, shape: bodyShape(question), nameOf: bodyName });
  const select = new SelectTool(marking);
  marking.takeTools([select, new PanTool(), new KeypointTool(question, marking, select)], 'keypoint');
  return marking;
}

export function bodyKeys(marking: Marking<Body>, question: KeypointsQuestion): Binding[] {
  const group = t('image.keys');
  /** The point that has the keys, else the last one that was set. */
  function hide(): void {
    const { region, chosen } = marking.regions;
    const names = region === null ? [] : namesOf(question, region);
    const name = names[marking.grip] ?? names.at(-1);
    if (region !== null && name !== undefined) marking.regions.replace(chosen, toggled(question, region, name));
  }
  return [
    { keys: ['o'], text: t('keypoints.hide'), group, run: hide },
    { keys: ['x'], text: t('keypoints.skip'), group, run: () => (marking.tool instanceof KeypointTool ? marking.tool.skip() : undefined) },
  ];
}

/** The body with a point hidden that was seen, or the other way round. */
export function toggled(question: KeypointsQuestion, body: Body, name: string): Body {
  const point = body.points[name];
  return point === undefined ? body : withPoint(question, body, name, [point[0], point[1], point[2] === HIDDEN ? VISIBLE : HIDDEN]);
}
