/** What keys do while a document is marked. */
import { t } from '../i18n';
import type { Binding } from '../lib/keys.svelte';
import type { Regions } from '../questions/regions.svelte';
import { isStretch, type DocumentDesk, type DocumentRegion } from './desk.svelte';
import { hashOf, nudged } from './pages';

/** Letters that labels do not get. */
export const DOCUMENT_KEYS = ['v', 'b', 'n', 'z', 'x', 'm'];

const STEP = 10;
const FINE = 1;
const NEW_SHARE = 4;

export interface DocumentTools {
  desk: DocumentDesk;
  regions: Regions<DocumentRegion>;
  say: (text: string) => void;
}

/** Marks the selected text with the label at hand; says whether there was any. */
export function markSelection({ desk, regions }: DocumentTools): boolean {
  const { caret, text, page } = desk;
  if (!caret.hasSelection) return false;
  const { start, end } = caret;
  regions.add({ page, start, end, hash: hashOf(text, start, end), label: regions.label });
  caret.goTo(end, false);
  return true;
}

/** A new box in the middle of the page, to be moved and sized by keys. */
function addBox({ desk, regions }: DocumentTools): void {
  const { width, height } = desk.size;
  const box = nudged({ x: (width * 3) / 8, y: (height * 3) / 8, width: width / NEW_SHARE, height: height / NEW_SHARE / 2 }, { dx: 0, dy: 0, dw: 0, dh: 0 }, desk.size);
  regions.add({ page: desk.page, ...box, label: regions.label });
}

const MOVES: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Moves the chosen box, or with Shift its far corner; says whether there was one. */
export function moveBox({ desk, regions }: DocumentTools, key: string, { isSized, isFine }: { isSized: boolean; isFine: boolean }): boolean {
  const move = MOVES[key];
  const { region, chosen } = regions;
  if (move === undefined || region === null || isStretch(region) || region.page !== desk.page) return false;
  const [x, y] = move.map((way) => way * (isFine ? FINE : STEP)) as [number, number];
  const by = isSized ? { dx: 0, dy: 0, dw: x, dh: y } : { dx: x, dy: y, dw: 0, dh: 0 };
  regions.replace(chosen, { ...region, ...nudged(region, by, desk.size) }, `move ${String(chosen)}`);
  return true;
}

export function bindingsOf(tools: DocumentTools): Binding[] {
  const { desk, say } = tools;
  const group = t('document.title');
  const turn = (step: 1 | -1) => () => {
    desk.open(desk.page + step);
    say(t('document.pageOf', { page: desk.page, all: desk.nPages }));
  };
  const mode = (to: 'span' | 'box') => () => {
    desk.mode = to;
    say(to === 'span' ? t('document.text') : t('document.boxes'));
  };
  const hasBoxes = desk.kinds.includes('box');
  return [
    { keys: ['PageDown'], text: t('document.next'), run: turn(1) },
    { keys: ['PageUp'], text: t('document.previous'), run: turn(-1) },
    { keys: ['z'], text: t('audio.zoomIn'), run: () => desk.zoomBy(1) },
    { keys: ['x'], text: t('audio.zoomOut'), run: () => desk.zoomBy(-1) },
    ...(desk.kinds.includes('span') ? [{ keys: ['m'], text: t('document.mark'), run: () => say(markSelection(tools) ? t('document.marked') : t('say.selectFirst')) }] : []),
    ...(desk.kinds.length > 1
      ? [
          { keys: ['v'], text: t('document.text'), run: mode('span') },
          { keys: ['b'], text: t('document.boxes'), run: mode('box') },
        ]
      : []),
    ...(hasBoxes
      ? [
          {
            keys: ['n'],
            text: t('document.newBox'),
            run: () => {
              desk.mode = 'box';
              addBox(tools);
              say(t('document.boxHow'));
            },
          },
        ]
      : []),
  ].map((binding) => ({ ...binding, group }));
}
