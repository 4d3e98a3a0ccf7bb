/** The keys of an image that is marked. */
import { t } from '../i18n';
import type { Binding } from '../lib/keys.svelte';
import type { Region } from '../questions/regions.svelte';
import type { Marking } from './marking.svelte';
import { PLAIN } from './tools/tool';

/** Screen pixels that an arrow moves, and with Shift; with Ctrl it is one pixel of the image. */
const STEP = 8;
const FAR = 64;
const RESIZE_GRIP = 4;
const ZOOM = 1.25;

/** The panel's keys, since - makes the image smaller and brackets change sizes. */
export const PANEL_KEYS = { nothing: '0', next: '.', previous: ',' } as const;

/** Letters that are the same for all kinds of regions. */
const COMMON = ['h', 'v', 'n', 'd', 'z', 'i', 'q', 'j', 'w', '+', '=', '-', '[', ']'];

/** Keys that labels do not get, given the letters of the tools. */
export const taken = (...tools: string[]): readonly string[] => [...COMMON, ...Object.values(PANEL_KEYS), ...tools];

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as const;

export function bindingsOf<R extends Region>(marking: Marking<R>, tell: () => void): Binding[] {
  const { view } = marking;
  const group = t('image.keys');
  const pixel = (): number => marking.pixel;

  /** What arrows do: move the image, what is chosen, or the crosshair. */
  function go(dx: number, dy: number): void {
    if (marking.toolName === 'pan') view.pan((-dx / pixel()), -dy / pixel());
    else if (marking.toolName === 'select' && marking.crosshair === null && marking.regions.chosenAll.length > 0) marking.nudge(dx, dy);
    else if (marking.grip >= 0) marking.nudge(dx, dy);
    else marking.moveCrosshair(dx, dy);
    tell();
  }

  function resize(dx: number, dy: number): void {
    const { chosen, region } = marking.regions;
    const grip = region === null ? undefined : marking.shape.grips?.(region, pixel())[RESIZE_GRIP];
    if (region === null || grip === undefined || grip.kind !== 'corner' || marking.isLocked(chosen)) return;
    const to = [grip.at[0] + dx, grip.at[1] + dy] as const;
    const changed = marking.shape.drag?.(region, RESIZE_GRIP, to, { isStepped: false, image: marking.size });
    if (changed !== undefined) marking.regions.replace(chosen, changed, 'size');
    tell();
  }

  const arrows = Object.entries(ARROWS).flatMap(([key, [x, y]]): Binding[] => {
    const by = (step: () => number) => () => go(x * step(), y * step());
    const fine = { text: t('image.keys.fine'), group, run: by(() => 1) };
    return [
      { keys: [key], text: t('image.keys.arrows'), group, run: by(() => Math.max(1, STEP * pixel())) },
      { keys: [`shift+${key}`], text: t('image.keys.far'), group, run: by(() => Math.max(1, FAR * pixel())) },
      { keys: [`mod+${key}`], ...fine },
      { keys: [`alt+${key}`], text: t('image.keys.resize'), group, run: () => resize(x * Math.max(1, STEP * pixel()), y * Math.max(1, STEP * pixel())) },
      { keys: [`alt+shift+${key}`], text: t('image.keys.resizeFine'), group, run: () => resize(x, y) },
    ];
  });

  const at = marking.crosshair;
  return [
    ...marking.tools.map((tool): Binding => ({ keys: [tool.key], text: t(`image.tool.${tool.name}`), group, run: () => marking.take(tool.name) })),
    // Without a crosshair Enter submits, as everywhere.
    ...(at === null ? [] : [{ keys: ['Enter'], text: t('image.keys.enter'), group, run: () => marking.tool.enter(at, PLAIN), yieldsToControls: true }]),
    ...(marking.tool.finish === undefined || !marking.tool.isBusy ? [] : [{ keys: ['c'], text: t('image.keys.finish'), group, run: () => marking.tool.finish?.() }]),
    ...arrows,
    { keys: ['n'], text: t('image.keys.again'), group, run: () => marking.again() },
    { keys: ['w'], text: t('image.keys.grip'), group, run: () => marking.nextGrip() },
    { keys: ['d'], text: t('image.keys.duplicate'), group, run: () => marking.duplicate() },
    { keys: ['mod+c'], text: t('image.keys.copy'), group, run: () => marking.copy() },
    { keys: ['mod+v'], text: t('image.keys.paste'), group, run: () => marking.paste() },
    { keys: ['q'], text: t('image.keys.hide'), group, run: () => marking.toggleHidden() },
    { keys: ['j'], text: t('image.keys.lock'), group, run: () => marking.toggleLocked() },
    { keys: ['+', '='], text: t('image.keys.in'), group, run: () => view.zoom(ZOOM, zoomPlace(marking)) },
    { keys: ['-'], text: t('image.keys.out'), group, run: () => view.zoom(1 / ZOOM, zoomPlace(marking)) },
    { keys: ['z'], text: t('image.keys.fit'), group, run: () => view.toggleFit() },
    { keys: ['i'], text: t('image.keys.loupe'), group, run: () => (view.hasLoupe = !view.hasLoupe) },
  ];
}

/** Keys make larger what they are at. */
function zoomPlace<R extends Region>({ crosshair, view }: Marking<R>): readonly [number, number] {
  return crosshair === null ? [view.frame.width / 2, view.frame.height / 2] : view.toScreen(crosshair);
}
