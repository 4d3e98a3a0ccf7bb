/** Comparison: which of two is better, without knowing where they come from. */
import type { Answer, ComparisonQuestion } from '../../api';
import ComparisonEditor from '../../editors/Comparison.svelte';
import { t } from '../../i18n';
import ComparisonShow from '../../shows/Comparison.svelte';
import Comparison from '../../widgets/Comparison.svelte';
import { preferenceText } from '../comparison-view.svelte';
import type { Comparison as Compared, Preferred } from '../comparisons';
import type { Checked, Kind } from '../kind';
import { shown } from '../texts';
import { objectOf, wholeNumber } from '../values';

const KEYS = ['preferred', 'first', 'strength', 'acceptable'];

function preferencesOf(question: ComparisonQuestion): Preferred[] {
  return ['a', 'b', ...(question.tie === false ? [] : ['tie' as const]), ...(question.both_bad === false ? [] : ['both_bad' as const])];
}

function strengthFault(question: ComparisonQuestion, raw: unknown, preferred: Preferred): string | null {
  const most = question.strength ?? 0;
  if (most === 0 || preferred === 'tie' || preferred === 'both_bad') return raw === undefined || raw === null ? null : t('fault.notAsked', { key: 'strength' });
  const strength = wholeNumber(raw);
  return strength !== null && strength >= 1 && strength <= most ? null : t('fault.strength', { value: shown(raw), most });
}

function acceptableFault(question: ComparisonQuestion, raw: unknown, preferred: Preferred): string | null {
  if (question.acceptability !== true) return raw === undefined || raw === null ? null : t('fault.notAsked', { key: 'acceptable' });
  const parts = objectOf(raw);
  const isWhole = parts !== null && Object.keys(parts).length === 2 && typeof parts['a'] === 'boolean' && typeof parts['b'] === 'boolean';
  if (!isWhole) return t('fault.acceptable');
  return preferred === 'both_bad' && (parts['a'] === true || parts['b'] === true) ? t('fault.bothBad') : null;
}

function check(question: ComparisonQuestion, answer: Answer): Checked<Compared> {
  const parts = objectOf(answer);
  if (parts === null || !('preferred' in parts)) return { fault: t('fault.comparison') };
  const preferred = preferencesOf(question).find((one) => one === parts['preferred']);
  if (preferred === undefined) return { fault: t('fault.option', { value: shown(parts['preferred']) }) };
  const strange = Object.keys(parts).find((key) => !KEYS.includes(key));
  if (strange !== undefined) return { fault: t('fault.key', { key: strange }) };
  const { strength, acceptable, first } = parts;
  const fault = strengthFault(question, strength, preferred) ?? acceptableFault(question, acceptable, preferred);
  if (fault !== null) return { fault };
  if (first !== undefined && first !== null && first !== 'a' && first !== 'b') return { fault: t('fault.option', { value: shown(first) }) };
  return {
    answer: {
      preferred,
      ...(typeof strength === 'number' ? { strength } : {}),
      ...(question.acceptability === true ? { acceptable: { a: objectOf(acceptable)?.['a'] === true, b: objectOf(acceptable)?.['b'] === true } } : {}),
      ...(first === 'a' || first === 'b' ? { first } : {}),
    },
  };
}

const kind: Kind<ComparisonQuestion, Compared> = {
  isAnswered: () => true,
  check,
  brief: (question, answer) => preferenceText(question, answer),
  field: (question) => question.a,
  covers: (question) => [question.a, question.b],
  Widget: Comparison,
  Editor: ComparisonEditor,
  Show: ComparisonShow,
};

export default kind;
