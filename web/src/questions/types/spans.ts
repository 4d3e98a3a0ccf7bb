/** Spans: mark stretches of a text and say what each one is. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Answer, Payload, Span, SpansQuestion } from '../../api';
import SpansEditor from '../../editors/Spans.svelte';
import { t } from '../../i18n';
import { CodePoints } from '../../lib/code-points';
import SpansShow from '../../shows/Spans.svelte';
import Spans from '../../widgets/Spans.svelte';
import type { Checked, Kind } from '../kind';
import { compareSpans, partsOf } from '../../state/span-editor.svelte';
import { checkParts } from '../attributes';
import { shown } from '../texts';

const MOST = 10_000;
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
function hashOf(span: Span, points: CodePoints): string {
  const known = hashes.get(span);
  if (known?.points === points) return known.hash;
  const slice = partsOf(span).map(([start, end]) => points.slice(start, end)).join(BETWEEN_PARTS);
  const hash = bytesToHex(sha256(utf8ToBytes(slice))).slice(0, HASH_LENGTH);
  hashes.set(span, { points, hash });
  return hash;
}

function isSpan(value: unknown): value is Span {
  const span = value as Partial<Span> | null;
  return Number.isInteger(span?.start) && Number.isInteger(span?.end) && typeof span?.label === 'string';
}

/** Whether the pieces ascend, are apart, and reach from the start to the end. */
function arePartsSound(span: Span): boolean {
  const parts = span.parts ?? [];
  const apart = parts.every(([start, end], i) => Number.isInteger(start) && Number.isInteger(end) && start < end && (i === 0 || (parts[i - 1]?.[1] ?? 0) < start));
  return parts.length > 1 && apart && parts[0]?.[0] === span.start && parts.at(-1)?.[1] === span.end;
}

function checkSpan(question: SpansQuestion, span: unknown, points: CodePoints, payload: Payload): Checked<Span> {
  if (!isSpan(span)) return { fault: t('fault.span', { value: shown(span) }) };
  if (span.start < 0 || span.start >= span.end || span.end > points.length) return { fault: t('fault.outsideText', { value: shown(span), length: points.length }) };
  if (!question.labels.some(({ value }) => value === span.label)) return { fault: t('fault.option', { value: shown(span.label) }) };
  if (span.parts !== undefined && (question.discontinuous !== true || !arePartsSound(span))) return { fault: t('fault.parts', { value: shown(span.parts) }) };
  const hash = hashOf(span, points);
  if (span.hash !== undefined && span.hash !== hash) return { fault: t('fault.hash', { value: shown(span) }) };
  const { start, end, label, parts } = span;
  const normal: Span = { start, end, label, ...(parts === undefined ? {} : { parts }) };
  const verdict = checkParts(question.attributes ?? [], span.attributes ?? {}, payload, { label });
  if ('fault' in verdict) return verdict;
  return { answer: Object.keys(verdict.answer).length === 0 ? normal : { ...normal, attributes: verdict.answer } };
}

function check(question: SpansQuestion, answer: Answer, payload: Payload): Checked<Span[]> {
  if (!Array.isArray(answer)) return { fault: t('fault.list', { value: shown(answer) }) };
  const spans: unknown[] = answer;
  if (spans.length === 0) return { answer: [] };
  if (spans.length > MOST) return { fault: t('fault.tooMany', { n: spans.length, most: MOST }) };
  const text = payload[question.field];
  if (typeof text !== 'string') return { fault: t('fault.noText', { field: question.field }) };
  const points = counted.of(text);
  const found: Span[] = [];
  for (const span of spans) {
    const verdict = checkSpan(question, span, points, payload);
    if ('fault' in verdict) return verdict;
    found.push(verdict.answer);
  }
  found.sort(compareSpans);
  const twice = found.find((span, i) => i > 0 && compareSpans(found[i - 1] ?? span, span) === 0);
  return twice === undefined ? { answer: found } : { fault: t('fault.twice', { value: shown(twice) }) };
}

const kind: Kind<SpansQuestion, Span[]> = {
  isAnswered: (_question, answer) => Array.isArray(answer),
  check,
  brief: (_question, answer) => (answer.length === 0 ? t('spans.nothing') : t('items.spans', { n: answer.length })),
  field: (question) => question.field,
  options: (question) => question.labels,
  Widget: Spans,
  Editor: SpansEditor,
  Show: SpansShow,
};

export default kind;
