/** Spans: mark stretches of a text and say what each one is. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Answer, Payload, Span, SpansQuestion } from '../../api';
import SpansEditor from '../../editors/Spans.svelte';
import { t } from '../../i18n';
import { CodePoints } from '../../lib/code-points';
import SpansShow from '../../shows/Spans.svelte';
import Spans from '../../widgets/Spans.svelte';
import { checkRegions } from '../check-regions';
import type { Checked, Kind } from '../kind';
import { shown } from '../texts';

const HASH_LENGTH = 16;
const BETWEEN_PARTS = '\u001f';

/** The code points of the text that was checked last: answers to one item are checked one after another. */
class Counted {
  #points = new CodePoints('');

  of(text: string): CodePoints {
    if (this.#points.text !== text) this.#points = new CodePoints(text);
    return this.#points;
  }
}

const counted = new Counted();
const hashes = new WeakMap<Span, { points: CodePoints; hash: string }>();

/** The start of the SHA-256 of what is marked: the server compares it, so that nobody counts in another text. */
function hashOf(given: Span, span: Omit<Span, 'label'>, points: CodePoints): string {
  const known = hashes.get(given);
  if (known?.points === points) return known.hash;
  const parts = span.parts ?? [[span.start, span.end] as [number, number]];
  const slice = parts.map(([start, end]) => points.slice(start, end)).join(BETWEEN_PARTS);
  const hash = bytesToHex(sha256(utf8ToBytes(slice))).slice(0, HASH_LENGTH);
  hashes.set(given, { points, hash });
  return hash;
}

/** The pieces in order, where they are apart and reach from the start to the end; else null. */
function soundParts(parts: unknown, start: number, end: number): [number, number][] | null {
  if (!Array.isArray(parts) || parts.length < 2) return null;
  const pairs = (parts as unknown[]).filter((part): part is [number, number] => Array.isArray(part) && part.length === 2 && part.every(Number.isInteger));
  if (pairs.length < parts.length) return null;
  pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const areApart = pairs.every(([from, to], i) => from < to && (i === 0 || (pairs[i - 1]?.[1] ?? 0) < from));
  return areApart && pairs[0]?.[0] === start && pairs.at(-1)?.[1] === end ? pairs : null;
}

function place(question: SpansQuestion, raw: Record<string, unknown>, points: CodePoints): Checked<Omit<Span, 'label' | 'attributes'>> {
  const { start, end } = raw;
  const fits = Number.isInteger(start) && Number.isInteger(end) && 0 <= Number(start) && Number(start) < Number(end) && Number(end) <= points.length;
  if (!fits) return { fault: t('fault.outsideText', { value: shown({ start, end }), length: points.length }) };
  const found: Omit<Span, 'label'> = { start: Number(start), end: Number(end) };
  if ('parts' in raw) {
    const parts = question.discontinuous === true ? soundParts(raw['parts'], found.start, found.end) : null;
    if (parts === null) return { fault: t('fault.parts', { value: shown(raw['parts']) }) };
    found.parts = parts;
  }
  const hash = hashOf(raw as unknown as Span, found, points);
  if ('hash' in raw && raw['hash'] !== hash) return { fault: t('fault.hash', { value: shown(raw) }) };
  return { answer: { ...found, hash } };
}

function check(question: SpansQuestion, answer: Answer, payload: Payload): Checked<Span[]> {
  const text = payload[question.field];
  const points = counted.of(typeof text === 'string' ? text : '');
  return checkRegions<Span>(question, answer, payload, {
    hasPlace: typeof text === 'string',
    keys: ['start', 'end'],
    further: ['hash', 'parts'],
    place: (raw) => place(question, raw, points),
    order: ({ start, end }) => [start, end],
  });
}

const kind: Kind<SpansQuestion, Span[]> = {
  isAnswered: () => true,
  check,
  brief: (_question, answer) => (answer.length === 0 ? t('spans.nothing') : t('items.spans', { n: answer.length })),
  field: (question) => question.field,
  options: (question) => question.labels,
  Widget: Spans,
  Editor: SpansEditor,
  Show: SpansShow,
};

export default kind;
