/** Draws what is marked on an image: all regions on one layer, what follows the pointer on another. */
import type { Region } from '../questions/regions.svelte';
import type { Colours } from './colours.svelte';
import { meet, type Bounds, type Point } from './geometry';
import type { Marking } from './marking.svelte';
import type { Shape } from './shapes/shape';
import type { View } from './view.svelte';

type Brush = CanvasRenderingContext2D;

const MOST_NAMED = 300;
const FILL = 0.16;
const GRIP = 4;
const LOUPE = { radius: 70, factor: 4 };

/** How a set of regions is drawn. */
export interface Look {
  width: number;
  isFilled: boolean;
  isDashed?: boolean;
}

export const PLAIN_LOOK: Look = { width: 2, isFilled: true };

/** Draws regions of one colour as one path: 2,000 of them take a few milliseconds. */
export function drawRegions<R extends Region>(brush: Brush, shape: Shape<R>, regions: readonly R[], colour: string, halo: string, pixel: number, look: Look): void {
  if (regions.length === 0) return;
  if (shape.trace === undefined) {
    for (const region of regions) shape.paint?.(brush, region, colour, pixel, look.width > 2);
    return;
  }
  const path = new Path2D();
  for (const region of regions) shape.trace(path, region);
  brush.lineJoin = 'round';
  if (look.isFilled) {
    brush.globalAlpha = FILL;
    brush.fillStyle = colour;
    brush.fill(path);
    brush.globalAlpha = 1;
  }
  brush.globalAlpha = 0.6;
  brush.strokeStyle = halo;
  brush.lineWidth = (look.width + 2) * pixel;
  brush.stroke(path);
  brush.globalAlpha = 1;
  brush.setLineDash(look.isDashed === true ? [5 * pixel, 4 * pixel] : []);
  brush.strokeStyle = colour;
  brush.lineWidth = look.width * pixel;
  brush.stroke(path);
  brush.setLineDash([]);
}

/** A short text on a patch of its own, at a place of the image. */
export function drawTag(brush: Brush, text: string, [x, y]: Point, ground: string, ink: string, pixel: number): void {
  brush.save();
  brush.font = `600 ${String(11 * pixel)}px ui-monospace, monospace`;
  brush.textBaseline = 'bottom';
  const width = brush.measureText(text).width + 6 * pixel;
  brush.fillStyle = ground;
  brush.fillRect(x - pixel, y - 15 * pixel, width, 14 * pixel);
  brush.fillStyle = ink;
  brush.fillText(text, x + 2 * pixel, y - 2 * pixel);
  brush.restore();
}

/** The part of the image that is in the frame. */
function seenBy(view: View): Bounds {
  const [left, top] = view.toImage([0, 0]);
  const [right, bottom] = view.toImage([view.frame.width, view.frame.height]);
  return [left, top, right, bottom];
}

/** All regions that are neither chosen nor being changed; each with the key or number of its label. */
export function drawAll<R extends Region>(brush: Brush, colours: Colours, marking: Marking<R>, tagOf: (label: string) => string): void {
  const { regions, shape, view } = marking;
  const chosen = new Set(regions.chosenAll);
  const seen = seenBy(view);
  const shown = regions.list.filter((region, i) => !chosen.has(i) && !marking.isHidden(region) && meet(shape.bounds(region), seen));
  for (const [i, label] of regions.question.labels.entries()) {
    const ones = shown.filter((region) => region.label === label.value);
    drawRegions(brush, shape, ones, colours.label(i), colours.paper, marking.pixel, PLAIN_LOOK);
  }
  if (shown.length > MOST_NAMED) return;
  for (const region of shown) drawTag(brush, tagOf(region.label), shape.anchor(region), colours.label(placeOf(marking, region)), colours.paper, marking.pixel);
}

const placeOf = <R extends Region>({ regions }: Marking<R>, { label }: R): number => regions.question.labels.findIndex(({ value }) => value === label);

/** The chosen regions with their grips, what the tool draws, the crosshair and the loupe. */
export function drawAbove<R extends Region>(brush: Brush, colours: Colours, marking: Marking<R>, nameOf: (region: R) => string, density: number): void {
  const { regions, shape, pixel } = marking;
  for (const i of regions.chosenAll) {
    const region = marking.regionAt(i);
    if (region === null || marking.isHidden(region)) continue;
    const colour = shape.isFaulty?.(region) === true ? colours.bad : colours.label(placeOf(marking, region));
    drawRegions(brush, shape, [region], colour, colours.paper, pixel, { width: 3, isFilled: true });
    drawTag(brush, nameOf(region), shape.anchor(region), colour, colours.paper, pixel);
    if (regions.chosenAll.length === 1 && !marking.isLocked(i)) drawGrips(brush, colours, marking, region);
  }
  const place = regions.question.labels.findIndex(({ value }) => value === regions.label);
  const at = marking.at;
  marking.tool.draw?.({ brush, colours, colour: colours.label(place), pixel }, at === null ? null : marking.snapped(at, { isFree: marking.crosshair !== null }));
  if (marking.crosshair !== null) drawCrosshair(brush, colours, marking, marking.crosshair);
  if (marking.view.hasLoupe && at !== null) drawLoupe(brush, colours, marking, at, density);
}

function drawGrips<R extends Region>(brush: Brush, colours: Colours, { shape, pixel, grip }: Marking<R>, region: R): void {
  brush.lineWidth = 1.5 * pixel;
  for (const [i, { at, kind }] of (shape.grips?.(region, pixel) ?? []).entries()) {
    const radius = (kind === 'between' ? GRIP / 2 : GRIP) * pixel * (i === grip ? 1.7 : 1);
    brush.beginPath();
    if (kind === 'corner' || kind === 'edge') brush.rect(at[0] - radius, at[1] - radius, 2 * radius, 2 * radius);
    else brush.arc(at[0], at[1], radius, 0, 2 * Math.PI);
    brush.fillStyle = i === grip ? colours.accent : colours.paper;
    brush.strokeStyle = colours.ink;
    brush.fill();
    brush.stroke();
  }
}

function drawCrosshair<R extends Region>(brush: Brush, colours: Colours, { size, pixel }: Marking<R>, [x, y]: Point): void {
  const lines = new Path2D();
  lines.moveTo(0, y);
  lines.lineTo(size.width, y);
  lines.moveTo(x, 0);
  lines.lineTo(x, size.height);
  for (const [colour, width] of [
    [colours.paper, 3],
    [colours.accent, 1.5],
  ] as const) {
    brush.strokeStyle = colour;
    brush.lineWidth = width * pixel;
    brush.stroke(lines);
  }
}

/** The image around a point, larger, in the corner that is farther from it. */
function drawLoupe<R extends Region>(brush: Brush, colours: Colours, { view, picture }: Marking<R>, at: Point, density: number): void {
  const { radius, factor } = LOUPE;
  const [sx, sy] = view.toScreen(at);
  const x = sx > view.frame.width / 2 ? radius + 8 : view.frame.width - radius - 8;
  const y = sy > view.frame.height / 2 ? radius + 8 : view.frame.height - radius - 8;
  brush.save();
  brush.setTransform(density, 0, 0, density, 0, 0);
  brush.beginPath();
  brush.arc(x, y, radius, 0, 2 * Math.PI);
  brush.fillStyle = colours.paper;
  brush.fill();
  brush.save();
  brush.clip();
  const scale = view.scale * factor * density;
  brush.setTransform(scale, 0, 0, scale, x * density - at[0] * scale, y * density - at[1] * scale);
  brush.filter = `brightness(${String(view.brightness)}%) contrast(${String(view.contrast)}%)`;
  picture.draw(brush, view, density);
  brush.restore();
  brush.strokeStyle = colours.accent;
  brush.lineWidth = 1.5;
  brush.stroke();
  brush.beginPath();
  brush.moveTo(x - 8, y);
  brush.lineTo(x + 8, y);
  brush.moveTo(x, y - 8);
  brush.lineTo(x, y + 8);
  brush.stroke();
  brush.restore();
}
