/** What marking boxes is made of. */
import type { BoxesQuestion } from '../api';
import { t } from '../i18n';
import type { Binding } from '../lib/keys.svelte';
import { taken } from './keys';
import { Marking, type Begun } from './marking.svelte';
import { boxShape, rotatedBy, type Box } from './shapes/box';
import { BoxTool } from './tools/box.svelte';
import { PanTool } from './tools/pan';
import { SelectTool } from './tools/select.svelte';

export function boxName({ x, y, width, height, rotation }: Box): string {
  const [left, top, wide, high] = [x, y, width, height].map((value) => Math.round(value));
  const place = { x: left ?? 0, y: top ?? 0, width: wide ?? 0, height: high ?? 0 };
  return rotation === undefined ? t('boxes.name', place) : t('boxes.turnedName', { ...place, degrees: Math.round(rotation) });
}

export function boxMarking(parts: Begun<Box>, question: BoxesQuestion): Marking<Box> {
  const marking = new Marking<Box>({ ...parts, shape: boxShape(question.rotated === true), nameOf: boxName });
  const select = new SelectTool(marking);
  marking.takeTools([select, new PanTool(), new BoxTool(marking, select)], 'box');
  return marking;
}

/** Brackets turn the chosen boxes, with braces in larger steps. */
export function turningKeys(marking: Marking<Box>): Binding[] {
  const turn = (degrees: number) => () => {
    const { chosenAll, list } = marking.regions;
    const turned = new Map(chosenAll.flatMap((i) => (list[i] === undefined || marking.isLocked(i) ? [] : [[i, rotatedBy(list[i], degrees)] as const])));
    if (turned.size > 0) marking.regions.replaceAll(turned, 'turn');
  };
  return [
    { keys: ['['], text: t('boxes.turnLeft'), group: t('image.keys'), run: turn(-1) },
    { keys: [']'], text: t('boxes.turnRight'), group: t('image.keys'), run: turn(1) },
    { keys: ['{'], text: t('boxes.turnLeftFar'), group: t('image.keys'), run: turn(-15) },
    { keys: ['}'], text: t('boxes.turnRightFar'), group: t('image.keys'), run: turn(15) },
  ];
}

export const BOX_KEYS = taken('v', 'h', 'r', '{', '}');
