/** Document regions: mark text and boxes on the pages of a PDF. */
import type { Answer, DocumentRegionsQuestion, Payload } from '../../api';
import { isStretch, type DocumentPlace, type DocumentRegion } from '../../documents/desk.svelte';
import DocumentRegionsEditor from '../../editors/DocumentRegions.svelte';
import { mediaOf } from '../../fields/media';
import { t } from '../../i18n';
import DocumentRegionsShow from '../../shows/DocumentRegions.svelte';
import DocumentRegions from '../../widgets/DocumentRegions.svelte';
import { checkRegions } from '../check-regions';
import type { Checked, Kind } from '../kind';
import { shown } from '../texts';

interface Page {
  width: number;
  height: number;
  n_points: number;
}

type Place = Checked<DocumentPlace>;

const HASH = /^[0-9a-f]{16}$/;
const inHundredths = (value: number): number => Math.round(value * 100);

function stretch(raw: Record<string, unknown>, page: number, { n_points: n }: Page): Place {
  const { start, end, hash } = raw;
  const fits = Number.isInteger(start) && Number.isInteger(end) && 0 <= Number(start) && Number(start) < Number(end) && Number(end) <= n;
  if (!fits) return { fault: t('fault.outsideText', { value: shown(raw), length: n }) };
  const found = { page, start: Number(start), end: Number(end) };
  if (!('hash' in raw)) return { answer: found };
  return typeof hash === 'string' && HASH.test(hash) ? { answer: { ...found, hash } } : { fault: t('fault.hash', { value: shown(raw) }) };
}

function box(raw: Record<string, unknown>, page: number, size: Page): Place {
  const numbers = [raw['x'], raw['y'], raw['width'], raw['height']];
  if (!numbers.every((one): one is number => typeof one === 'number' && Number.isFinite(one))) return { fault: t('fault.outsidePage', { value: shown(raw) }) };
  const [x = 0, y = 0, givenWidth = 0, givenHeight = 0] = numbers.map(inHundredths);
  const [right, bottom] = [inHundredths(size.width), inHundredths(size.height)];
  const width = givenWidth - (x + givenWidth === right + 1 ? 1 : 0);
  const height = givenHeight - (y + givenHeight === bottom + 1 ? 1 : 0);
  const fits = 0 <= x && 0 < width && x + width <= right && 0 <= y && 0 < height && y + height <= bottom;
  if (!fits) return { fault: t('fault.outsidePage', { value: shown(raw) }) };
  return { answer: { page, x: x / 100 + 0, y: y / 100 + 0, width: width / 100, height: height / 100 } };
}

function place(question: DocumentRegionsQuestion, raw: Record<string, unknown>, pages: readonly Page[]): Place {
  const { page } = raw;
  const size = Number.isInteger(page) ? pages[Number(page) - 1] : undefined;
  if (size === undefined) return { fault: t('fault.page', { value: shown(page), n: pages.length }) };
  const kinds = question.kinds ?? ['span', 'box'];
  const keys = Object.keys(raw).filter((key) => !['page', 'label', 'attributes', 'hash'].includes(key)).sort().join(' ');
  if (keys === 'end start' && kinds.includes('span')) return stretch(raw, Number(page), size);
  if (keys === 'height width x y' && kinds.includes('box') && !('hash' in raw)) return box(raw, Number(page), size);
  return { fault: t('fault.region', { value: shown(raw) }) };
}

const isPage = (page: unknown): page is Page => {
  const { width, height } = (page ?? {}) as Partial<Page>;
  return typeof width === 'number' && typeof height === 'number' && Math.min(width, height) > 0;
};

function check(question: DocumentRegionsQuestion, answer: Answer, payload: Payload): Checked<DocumentRegion[]> {
  const pages = mediaOf(payload[question.field])?.pages ?? [];
  return checkRegions<DocumentRegion>(question, answer, payload, {
    hasPlace: pages.length > 0 && pages.every(isPage),
    keys: ['page'],
    further: ['start', 'end', 'hash', 'x', 'y', 'width', 'height'],
    place: (raw) => place(question, raw, pages),
    order: (one) => (isStretch(one) ? [one.page, 0, one.start, one.end] : [one.page, 1, one.y, one.x, one.height, one.width]),
  });
}

const kind: Kind<DocumentRegionsQuestion, DocumentRegion[]> = {
  isAnswered: () => true,
  check,
  brief: (_question, answer) => (answer.length === 0 ? t('spans.nothing') : t('items.spans', { n: answer.length })),
  field: (question) => question.field,
  options: (question) => question.labels,
  Widget: DocumentRegions,
  Editor: DocumentRegionsEditor,
  Show: DocumentRegionsShow,
};

export default kind;
