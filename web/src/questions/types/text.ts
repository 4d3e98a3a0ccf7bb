/** Text: write an answer. */
import type { TextQuestion } from '../../api';
import { t } from '../../i18n';
import { languageName, languageNames } from '../../lib/format';
import TextShow from '../../shows/Text.svelte';
import Text from '../../widgets/Text.svelte';
import type { Kind } from '../kind';
import { loadLanguages, otherLanguage } from '../languages';
import { MOST } from '../text-limits';
import { isEncodable, lengthOf, normalText, shown } from '../texts';

const kind: Kind<TextQuestion, string> = {
  prepare: async (question) => {
    if ((question.languages ?? []).length > 0) await loadLanguages();
  },
  isAnswered: (_question, answer) => typeof answer !== 'string' || normalText(answer) !== '',
  check: (question, answer) => {
    if (typeof answer !== 'string' || !isEncodable(answer)) return { fault: t('fault.text', { value: shown(answer) }) };
    const text = normalText(answer);
    const length = lengthOf(text);
    const [min, max] = [question.min_length ?? 1, question.max_length ?? MOST];
    if (length < min || length > max) return { fault: t('fault.length', { n: length, min, max }) };
    if (question.multiline !== true && text.includes('\n')) return { fault: t('fault.lines') };
    const wanted = question.languages ?? [];
    const seen = wanted.length > 0 ? otherLanguage(text, wanted) : null;
    if (seen !== null) return { fault: t('fault.language', { seen: languageName(seen), wanted: languageNames(wanted) }) };
    return { answer: text };
  },
  brief: (_question, answer) => answer,
  Widget: Text,
  Show: TextShow,
};

export default kind;
