import { describe, expect, test } from 'vitest';
import type { Span } from '../src/api';
import { CodePoints } from '../src/lib/code-points';
import { SpanEditor, compareSpans } from '../src/state/span-editor.svelte';
import { Lines, laned } from '../src/state/span-lanes';

function editorOf(text: string, given: Span[] = []): SpanEditor {
  let spans = given;
  return new SpanEditor(
    text,
    () => spans,
    (next) => (spans = next),
  );
}

const span = (start: number, end: number, label = 'a'): Span => ({ start, end, label });

describe('marking', () => {
  test('stores code points, the end exclusive', () => {
    const editor = editorOf('© 🙂 Ada Lovelace, 株式会社');
    editor.select(4, 16);
    editor.mark('holder');
    expect(editor.spans).toEqual([span(4, 16, 'holder')]);
    expect(editor.points.slice(4, 16)).toBe('Ada Lovelace');
  });

  test('leaves out white space that a mouse took along', () => {
    const editor = editorOf('one two three');
    editor.select(8, 3);
    expect(editor.mark('a')).toEqual(span(4, 7));
  });

  test('twice takes the mark away', () => {
    const editor = editorOf('one two');
    for (let i = 0; i < 2; i += 1) {
      editor.select(0, 3);
      editor.mark('a');
    }
    expect(editor.spans).toEqual([]);
  });

  test('lets spans overlap and keeps them sorted', () => {
    const editor = editorOf('one two three');
    for (const [from, to, label] of [[4, 13, 'b'], [0, 7, 'a'], [4, 7, 'a']] as const) {
      editor.select(from, to);
      editor.mark(label);
    }
    expect(editor.spans).toEqual([span(0, 7), span(4, 7), span(4, 13, 'b')]);
    expect([...editor.spans].sort(compareSpans)).toEqual(editor.spans);
  });

  test('without a selection does nothing', () => {
    const editor = editorOf('one two');
    expect(editor.mark('a')).toBeNull();
    expect(editor.spans).toEqual([]);
  });

  test('with a span chosen changes its label', () => {
    const editor = editorOf('one two', [span(0, 3)]);
    editor.choose(span(0, 3));
    editor.mark('b');
    expect(editor.spans).toEqual([span(0, 3, 'b')]);
  });
});

describe('by keyboard', () => {
  test('Shift extends by what is seen as one character', () => {
    const editor = editorOf('👨‍👩‍👧!');
    editor.move('right', true);
    expect([editor.start, editor.end]).toEqual([0, 5]);
    editor.mark('a');
    expect(editor.spans).toEqual([span(0, 5)]);
  });

  test('words can be taken one after the other, and given back', () => {
    const editor = editorOf('one two three');
    editor.move('wordRight', false);
    editor.move('wordRight', true);
    editor.move('wordRight', true);
    editor.move('wordLeft', true);
    expect(editor.points.slice(editor.start, editor.end)).toBe(' two ');
  });

  test('in a line that reads from right to left, left goes forward', () => {
    const editor = editorOf('محمد علي');
    editor.move('left', false);
    expect(editor.focus).toBe(1);
    editor.move('wordLeft', true);
    expect([editor.start, editor.end]).toEqual([1, 4]);
    editor.move('right', false);
    expect(editor.focus).toBe(1);
  });

  test('a selection collapses to the side of the arrow', () => {
    const editor = editorOf('one two');
    editor.select(0, 3);
    editor.move('right', false);
    expect([editor.anchor, editor.focus]).toEqual([3, 3]);
  });

  test('Home and End stay in the line', () => {
    const editor = editorOf('one\r\ntwo');
    editor.goTo(6, false);
    editor.move('lineStart', false);
    editor.move('lineEnd', true);
    expect([editor.start, editor.end]).toEqual([5, 8]);
  });

  test('Delete takes away the shortest mark around the caret', () => {
    const editor = editorOf('one two three', [span(0, 13), span(4, 7)]);
    editor.goTo(5, false);
    expect(editor.removeHere()).toBe(true);
    expect(editor.spans).toEqual([span(0, 13)]);
    editor.goTo(13, false);
    expect(editor.removeHere()).toBe(false);
  });

  test('marks are gone through in both directions, round the ends', () => {
    const all = [span(0, 3), span(4, 7), span(8, 13)];
    const editor = editorOf('one two three', all);
    const seen = [1, 1, 1, 1, -1].map((direction) => {
      editor.step(direction as 1 | -1);
      return editor.chosen?.start;
    });
    expect(seen).toEqual([0, 4, 8, 0, 8]);
    const other = editorOf('one two three', all);
    other.step(-1);
    expect(other.chosen?.start).toBe(8);
  });
});

describe('drawing', () => {
  test('spans that overlap get lanes of their own, others share one', () => {
    expect(laned([span(0, 5), span(3, 8), span(5, 6), span(8, 9)]).map(({ lane }) => lane)).toEqual([0, 1, 0, 0]);
  });

  const linesOf = (text: string) => new Lines(new CodePoints(text));

  test('a line is cut where a span begins or ends', () => {
    const [line] = linesOf('0123456789').with([span(2, 6), span(4, 8, 'b')]);
    expect(line?.pieces.map(({ start, end, spans }) => [start, end, spans.map(({ label }) => label).join('')])).toEqual([
      [0, 2, ''],
      [2, 4, 'a'],
      [4, 6, 'ab'],
      [6, 8, 'b'],
      [8, 10, ''],
    ]);
  });

  test.each(['', 'one', 'one\n', '\n\n', 'one\r\ntwo\r\n', '🙂\nb\n\nc'])('the lines of %j are the whole text', (text) => {
    const points = new CodePoints(text);
    const lines = new Lines(points).with([]);
    expect(lines.map(({ start, end }) => points.slice(start, end)).join('')).toBe(text);
  });

  test('a span over several lines is drawn on each, and changes no other', () => {
    const lines = linesOf('one\ntwo\nthree\nfour');
    const [before, after] = [lines.with([]), lines.with([span(5, 10)])];
    expect(after.map(({ pieces }) => pieces.map(({ spans }) => spans.length))).toEqual([[0], [0, 1], [1, 0], [0]]);
    expect(after.map((line, i) => line === before[i])).toEqual([true, false, false, true]);
  });

  test('the pieces are the whole text, however the spans lie', () => {
    const text = Array.from({ length: 1000 }, (_none, i) => (i % 83 === 82 ? '\n' : 'x')).join('');
    const spans = Array.from({ length: 200 }, (_none, i) => span((i * 37) % 900, ((i * 37) % 900) + 1 + (i % 60), String(i % 5)));
    const found = linesOf(text).with(spans).flatMap(({ pieces }) => pieces);
    expect(found[0]?.start).toBe(0);
    expect(found.at(-1)?.end).toBe(1000);
    for (const [i, piece] of found.entries()) {
      if (i > 0) expect(piece.start).toBe(found[i - 1]?.end);
      const covering = spans.filter(({ start, end }) => start <= piece.start && end >= piece.end);
      expect(piece.spans).toHaveLength(covering.length);
      expect(new Set(piece.spans.map(({ lane }) => lane)).size).toBe(piece.spans.length);
    }
  });
});

describe('characters that are not seen', () => {
  const TEXT = 'a\u202eb\u200b\u200b c\nplain';

  test('are pieces of their own with their names, marked or not, and the text stays as it is', () => {
    const points = new CodePoints(TEXT);
    const lines = new Lines(points).with([span(0, 4, 'x')]);
    const pieces = lines.flatMap((line) => line.pieces);
    expect(pieces.map(({ start, end }) => points.slice(start, end)).join('')).toBe(TEXT);
    expect(pieces.filter(({ unseen }) => unseen !== null).map(({ start, end, unseen, spans }) => [start, end, unseen?.mark, spans.length])).toEqual([
      [1, 2, 'RLO', 1],
      [3, 4, 'ZWSP ×2', 1],
      [4, 5, 'ZWSP ×2', 0],
    ]);
    expect(new Lines(points).with([]).flatMap((line) => line.pieces).filter(({ unseen }) => unseen !== null)).toHaveLength(2);
  });

  test('are found in a line of a hundred thousand without standing still', () => {
    const text = 'a\u200b'.repeat(100_000);
    expect(new Lines(new CodePoints(text)).with([span(0, 2)])[0]?.pieces).toHaveLength(200_000);
  });
});

describe('lines that are drawn again', () => {
  const text = 'one two\nthree four';
  const long = span(4, 13);

  test('are others when a span on them changes its label or its lane, and else the same', () => {
    const lines = new Lines(new CodePoints(text));
    const [first, second] = lines.with([span(0, 7), long]);
    expect(second?.pieces[0]?.spans[0]?.lane).toBe(1);
    const [, lower] = lines.with([long]);
    expect(lower?.pieces[0]?.spans[0]?.lane).toBe(0);
    const [, relabelled] = lines.with([{ ...long, label: 'b' }]);
    expect(relabelled?.pieces[0]?.spans[0]?.label).toBe('b');
    const kept = { ...long };
    const [before] = lines.with([span(0, 3), kept]);
    expect(before).not.toBe(first);
    const [, same] = lines.with([kept]);
    expect(lines.with([span(0, 3), kept])[1]).toBe(same);
  });
});
