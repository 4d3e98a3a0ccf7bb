import { describe, expect, test } from 'vitest';
import type { DocumentRegionsQuestion, Media } from '../src/api';
import { DocumentDesk, type DocumentRegion } from '../src/documents/desk.svelte';
import { bindingsOf, markSelection, moveBox } from '../src/documents/document-keys';
import { boxBetween, caretOf, hashOf, lineStep, linesOf, nudged, pointAt, type PageText } from '../src/documents/pages';
import { CodePoints } from '../src/lib/code-points';
import { Regions } from '../src/questions/regions.svelte';
import { Work } from '../src/state/work.svelte';

const QUESTION: DocumentRegionsQuestion = { type: 'document_regions', name: 'parts', label: 'Parts?', field: 'file', labels: [{ value: 'party', label: 'Party' }] };
const MEDIA: Media = { blob: '0'.repeat(64), media_type: 'application/pdf', name: 'a.pdf', size: 1, pages: [{ width: 100, height: 200, n_points: 7 }, { width: 50, height: 50, n_points: 0 }] };
/** Two lines of three letters, ten points wide each, with a line end that has no box between them. */
const TEXT: PageText = {
  points: new CodePoints('abc\ndef'),
  boxes: [0, 1, 2, -1, 0, 1, 2].map((at, i) => (at < 0 ? { x: 0, y: 0, width: 0, height: 0 } : { x: 10 * at, y: i < 3 ? 10 : 30, width: 10, height: 12 })),
};
const subject = { item_id: 'i', external_id: 'i', lease_id: null, payload: { file: MEDIA }, why: '', purpose: 'label' as const, supersedes: null, schema_version: 1, guideline_version: 1, policy_version: 1 };

function tools() {
  const desk = new DocumentDesk(MEDIA, ['span', 'box']);
  desk.take(TEXT);
  const regions = new Regions<DocumentRegion>(QUESTION, new Work(subject, { fields: [], questions: [] }, 'id'));
  return { desk, regions, say: () => undefined };
}

describe('the text of a page', () => {
  test('has one box for each line of a stretch', () => {
    expect(linesOf(TEXT, 1, 6)).toEqual([{ x: 10, y: 10, width: 20, height: 12 }, { x: 0, y: 30, width: 20, height: 12 }]);
  });

  test('knows the place nearest to a spot, and where the caret stands there', () => {
    expect([pointAt(TEXT, 1, 15), pointAt(TEXT, 27, 15), pointAt(TEXT, 90, 35), pointAt(TEXT, 12, 300)]).toEqual([0, 3, 7, 5]);
    expect(caretOf(TEXT, 3)).toMatchObject({ x: 30, y: 10 });
    expect(caretOf(TEXT, 7)).toMatchObject({ x: 30, y: 30 });
  });

  test('is walked line by line', () => {
    expect([lineStep(TEXT, 1, 1), lineStep(TEXT, 5, -1), lineStep(TEXT, 5, 1), lineStep(TEXT, 1, -1)]).toEqual([5, 1, 7, 0]);
  });
});

describe('marking', () => {
  test('takes the selected text with the hash of it', () => {
    const it = tools();
    expect(markSelection(it)).toBe(false);
    it.desk.caret.select(4, 7);
    expect(markSelection(it)).toBe(true);
    expect(it.regions.list).toEqual([{ page: 1, start: 4, end: 7, hash: 'cb8379ac2098aa16', label: 'party' }]);
    expect(hashOf(TEXT, 4, 7)).toBe('cb8379ac2098aa16');
  });

  test('makes a box by key, moves and sizes it, and keeps it on its page', () => {
    const it = tools();
    bindingsOf(it).find(({ keys }) => keys.includes('n'))?.run();
    expect(it.regions.list).toEqual([{ page: 1, x: 37.5, y: 75, width: 25, height: 25, label: 'party' }]);
    moveBox(it, 'ArrowLeft', { isSized: false, isFine: true });
    moveBox(it, 'ArrowDown', { isSized: true, isFine: false });
    expect(it.regions.list[0]).toMatchObject({ x: 36.5, height: 35 });
    for (let i = 0; i < 30; i += 1) moveBox(it, 'ArrowRight', { isSized: false, isFine: false });
    expect(it.regions.list[0]).toMatchObject({ x: 75, width: 25 });
    it.desk.open(2);
    expect(moveBox(it, 'ArrowLeft', { isSized: false, isFine: false })).toBe(false);
  });

  test('draws boxes between two spots, inside the page and not too small', () => {
    const page = { width: 100, height: 200 };
    expect(boxBetween({ x: 110, y: 5.006 }, { x: 90, y: -3 }, page)).toEqual({ x: 90, y: 0, width: 10, height: 5.01 });
    expect(boxBetween({ x: 5, y: 5 }, { x: 5.5, y: 50 }, page)).toBeNull();
    expect(nudged({ x: 0, y: 0, width: 10, height: 10 }, { dx: -5, dy: 500, dw: 500, dh: -50 }, page)).toEqual({ x: 0, y: 199, width: 100, height: 1 });
  });

  test('turns pages no further than there are', () => {
    const { desk } = tools();
    desk.open(9);
    expect([desk.page, desk.size.width, desk.text.points.length]).toEqual([2, 50, 0]);
  });
});
