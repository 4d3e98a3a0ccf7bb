/** Spans: mark stretches of a text and say what each one is. */
import type { Answer, Payload, Span, SpansQuestion } from '../../api';
import SpansEditor from '../../editors/Spans.svelte';
import { t } from '../../i18n';
import { CodePoints } from '../../lib/code-points';
import SpansShow from '../../shows/Spans.svelte';
import Spans from '../../widgets/Spans.svelte';
import type { Checked, Kind } from '../kind';
import { compareSpans } from '../../state/span-editor.svelte';
import { shown } from '../texts';

const MOST = 10_000;

function isSpan(value: unknown): value is Span {
  const span = value as Partial<Span> | null;
  return Number.isInteger(span?.start) && Number.isInteger(span?.end) && typeof span?.label === 'string';
}

function check(question: SpansQuestion, answer: Answer, payload: Payload): Checked<Span[]> {
  if (!Array.isArray(answer)) return { fault: t('fault.list', { value: shown(answer) }) };
  const spans: unknown[] = answer;
  if (spans.length > MOST) return { fault: t('fault.tooMany', { n: spans.length, most: MOST }) };
  const text = payload[question.field];
  if (spans.length > 0 && typeof text !== 'string') return { fault: t('fault.noText', { field: question.field }) };
  const { length } = new CodePoints(typeof text === 'string' ? text : '');
  const found: Span[] = [];
  for (const span of spans) {
    if (!isSpan(span)) return { fault: t('fault.span', { value: shown(span) }) };
    if (span.start < 0 || span.start >= span.end || span.end > length) return { fault: t('fault.outsideText', { value: shown(span), length }) };
    if (!question.labels.some(({ value }) => value === span.label)) return { fault: t('fault.option', { value: shown(span.label) }) };
    found.push(span);
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
