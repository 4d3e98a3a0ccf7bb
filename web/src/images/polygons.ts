/** What marking polygons is made of. */
import { t } from '../i18n';
import type { Binding } from '../lib/keys.svelte';
import { roundedPoint, simplifiedRing } from './geometry';
import { taken } from './keys';
import { Marking, type Begun } from './marking.svelte';
import { polygonShape, ringsOf, withRings, type Polygon } from './shapes/polygon';
import { MagicTool } from './tools/magic.svelte';
import { PanTool } from './tools/pan';
import { PolygonTool } from './tools/polygon.svelte';
import { SelectTool } from './tools/select.svelte';

export const POLYGON_KEYS = taken('p', 'o', 'm', 'y');

export function polygonName({ points, holes = [] }: Polygon): string {
  return holes.length === 0 ? t('polygons.name', { n: points.length }) : t('polygons.nameWithHoles', { n: points.length, holes: holes.length });
}

export function polygonMarking(parts: Begun<Polygon>): Marking<Polygon> {
  const marking = new Marking<Polygon>({ ...parts, shape: polygonShape, nameOf: polygonName });
  const select = new SelectTool(marking);
  marking.takeTools([select, new PanTool(), new PolygonTool(marking, select), new PolygonTool(marking, select, true), new MagicTool(marking)], 'polygon');
  return marking;
}

export function polygonKeys(marking: Marking<Polygon>): Binding[] {
  return [{ keys: ['y'], text: t('polygons.simplify'), group: t('image.keys'), run: () => simplify(marking) }];
}

/** Takes corners away that the chosen outlines hardly need. */
function simplify(marking: Marking<Polygon>): void {
  const simple = new Map<number, Polygon>();
  let n = 0;
  for (const i of marking.regions.chosenAll) {
    const polygon = marking.regions.list[i];
    if (polygon === undefined || marking.isLocked(i)) continue;
    const rings = ringsOf(polygon);
    const fewer = withRings(polygon, rings.map((ring) => simplifiedRing(ring, 2 * marking.pixel).map(roundedPoint)));
    const saved = rings.flat().length - ringsOf(fewer).flat().length;
    if (saved === 0 || polygonShape.isFaulty?.(fewer) === true) continue;
    simple.set(i, fewer);
    n += saved;
  }
  if (simple.size > 0) marking.regions.replaceAll(simple);
  marking.say(t('polygons.simplified', { n }));
}
