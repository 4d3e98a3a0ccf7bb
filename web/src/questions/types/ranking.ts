/** Ranking: put candidates in order, with ties. */
import type { Answer, Payload, RankingQuestion } from '../../api';
import RankingEditor from '../../editors/Ranking.svelte';
import { t } from '../../i18n';
import RankingShow from '../../shows/Ranking.svelte';
import Ranking from '../../widgets/Ranking.svelte';
import { candidatesOf } from '../candidates';
import type { Checked, Kind } from '../kind';
import { shown } from '../texts';
import { listOf } from '../values';

function check(question: RankingQuestion, answer: Answer, payload: Payload): Checked<string[][]> {
  const candidates = candidatesOf(question, payload);
  if (candidates === null) return { fault: t('fault.noCandidates', { field: question.field ?? '' }) };
  const tiers = (listOf(answer) ?? []).map(listOf);
  if (tiers.length === 0 || tiers.some((tier) => tier === null || tier.length === 0)) return { fault: t('fault.tiers', { value: shown(answer) }) };
  const placeOf = new Map<string, number>();
  for (const [place, tier] of tiers.entries()) {
    for (const name of tier ?? []) {
      if (typeof name !== 'string' || !candidates.some(({ id }) => id === name)) return { fault: t('fault.candidate', { value: shown(name) }) };
      if (placeOf.has(name)) return { fault: t('fault.twice', { value: shown(name) }) };
      placeOf.set(name, place);
    }
  }
  const missing = candidates.find(({ id }) => !placeOf.has(id));
  if (missing !== undefined) return { fault: t('fault.notRanked', { name: missing.text.slice(0, 60) }) };
  if (question.ties === false && tiers.length < candidates.length) return { fault: t('fault.ties') };
  return { answer: tiers.map((_tier, place) => candidates.filter(({ id }) => placeOf.get(id) === place).map(({ id }) => id)) };
}

const kind: Kind<RankingQuestion, string[][]> = {
  isAnswered: (_question, answer) => !Array.isArray(answer) || answer.length > 0,
  check,
  brief: (question, answer) => answer.map((tier) => tier.map((id) => question.options?.find(({ value }) => value === id)?.label ?? id).join(' = ')).join(' > '),
  field: (question) => question.field ?? null,
  options: (question) => question.options ?? [],
  Widget: Ranking,
  Editor: RankingEditor,
  Show: RankingShow,
};

export default kind;
