/** Marking a document: which page is open, how large, where the caret is, and whether text or boxes are marked. */
import type { DocumentRegionsQuestion, Media } from '../api';
import { mediaOf } from '../fields/media';
import { t } from '../i18n';
import type { Sheet } from '../questions/kind';
import type { Region } from '../questions/regions.svelte';
import { SpanEditor } from '../state/span-editor.svelte';
import { NO_TEXT, type Box, type PageText } from './pages';

export type DocumentPlace = { page: number } & ({ start: number; end: number; hash?: string } | Box);
export type DocumentRegion = Region & DocumentPlace;

export const isStretch = (region: DocumentRegion): region is Region & { page: number; start: number; end: number; hash?: string } => 'start' in region;

export const ZOOMS = [0.5, 0.75, 1, 1.5, 2, 3, 4] as const;

export class DocumentDesk {
  readonly media: Media | null;
  readonly kinds: readonly ('span' | 'box')[];
  page = $state(1);
  zoomAt = $state(2);
  mode = $state<'span' | 'box'>('span');
  text = $state.raw<PageText>(NO_TEXT);
  caret = $state.raw(new SpanEditor('', () => [], () => undefined));

  constructor(media: Media | null, kinds: readonly ('span' | 'box')[]) {
    this.media = media;
    this.kinds = kinds;
    this.mode = kinds[0] ?? 'span';
  }

  get nPages(): number {
    return this.media?.pages?.length ?? 0;
  }

  get size(): { width: number; height: number } {
    const page = this.media?.pages?.[this.page - 1];
    return { width: page?.width ?? 1, height: page?.height ?? 1 };
  }

  get zoom(): number {
    return ZOOMS[this.zoomAt] ?? 1;
  }

  zoomBy(step: 1 | -1): void {
    this.zoomAt = Math.max(0, Math.min(ZOOMS.length - 1, this.zoomAt + step));
  }

  /** Opens a page; places outside are moved to the nearest one. */
  open(page: number): void {
    const to = Math.max(1, Math.min(this.nPages, page));
    if (to === this.page) return;
    this.page = to;
    this.take(NO_TEXT);
  }

  /** The text of the open page has come. */
  take(text: PageText): void {
    this.text = text;
    this.caret = new SpanEditor(text.points.text, () => [], () => undefined);
  }
}

/** The desk of a field, which all questions about it share. */
export function deskOf(sheet: Sheet, question: DocumentRegionsQuestion): DocumentDesk {
  return sheet.shared(`desk of ${question.field}`, () => new DocumentDesk(mediaOf(sheet.payload[question.field]), question.kinds ?? ['span', 'box']));
}

/** A region in few words; the words of a stretch only where its page's text is at hand. */
export function regionName(region: Region, text: PageText | null = null, page = 0): string {
  const one = region as DocumentRegion;
  const where = t('document.page', { page: one.page });
  if (!isStretch(one)) return `${where}: ${String(one.x)}, ${String(one.y)} · ${String(one.width)} × ${String(one.height)}`;
  const words = text !== null && page === one.page ? text.points.slice(one.start, Math.min(one.end, one.start + 60)) : `${String(one.start)}–${String(one.end)}`;
  return `${where}: ${words}`;
}
