/** What painting masks is made of. */
import { t } from '../i18n';
import type { Binding } from '../lib/keys.svelte';
import { taken } from './keys';
import { Marking, type Begun } from './marking.svelte';
import { Painting } from './painting.svelte';
import { nPixelsOf } from './runs';
import { maskShape, readMask, type Mask } from './shapes/mask';
import { FillTool, OutlineTool, RectangleTool } from './tools/areas.svelte';
import { BrushTool } from './tools/brush.svelte';
import { PanTool } from './tools/pan';
import { SelectTool } from './tools/select.svelte';
import { segmenterInUse } from './worker-segmenter';

export const MASK_KEYS = taken('b', 'e', 'm', 'p', 'r');

export const maskName = (mask: Mask): string => t('masks.name', { n: nPixelsOf(readMask(mask).runs) });

const paintings = new WeakMap<Marking<Mask>, Painting>();

/** The brush of a marking. */
export function paintingOf(marking: Marking<Mask>): Painting {
  const found = paintings.get(marking) ?? new Painting(marking);
  paintings.set(marking, found);
  return found;
}

export function maskMarking(parts: Begun<Mask>): Marking<Mask> {
  const marking = new Marking<Mask>({ ...parts, shape: maskShape, nameOf: maskName });
  const painting = paintingOf(marking);
  const brushes = [new BrushTool(painting), new BrushTool(painting, true)];
  marking.takeTools([new SelectTool(marking), new PanTool(), ...brushes, new FillTool(painting, segmenterInUse), new RectangleTool(painting), new OutlineTool(painting)], 'brush');
  return marking;
}

export function maskKeys(marking: Marking<Mask>): Binding[] {
  const painting = paintingOf(marking);
  return [
    { keys: ['['], text: t('masks.smaller'), group: t('image.keys'), run: () => painting.grow(false) },
    { keys: [']'], text: t('masks.larger'), group: t('image.keys'), run: () => painting.grow(true) },
  ];
}
