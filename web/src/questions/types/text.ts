/** Text: write an answer. */
import type { TextQuestion } from '../../api';
import { t } from '../../i18n';
import TextShow from '../../shows/Text.svelte';
import Text from '../../widgets/Text.svelte';
import type { Kind } from '../kind';
import { MOST } from '../text-limits';
import { isEncodable, lengthOf, normalText, shown } from '../texts';


const kind: Kind<TextQuestion, string> = {
  isAnswered: (_question, answer) => typeof answer !== 'string' || normalText(answer) !== '',
  check: (question, answer) => {
    if (typeof answer !== 'string' || !isEncodable(answer)) return { fault: t('fault.text', { value: shown(answer) }) };
    const text = normalText(answer);
    const length = lengthOf(text);
    const [min, max] = [question.min_length ?? 1, question.max_length ?? MOST];
    if (length < min || length > max) return { fault: t('fault.length', { n: length, min, max }) };
    if (question.multiline !== true && text.includes('\n')) return { fault: t('fault.lines') };
    return { answer: text };
  },
  brief: (_question, answer) => answer,
  Widget: Text,
  Show: TextShow,
};

export default kind;
