/** Text edit: correct a text. */
import type { TextEditQuestion } from '../../api';
import TextEditEditor from '../../editors/TextEdit.svelte';
import { t } from '../../i18n';
import TextEditShow from '../../shows/TextEdit.svelte';
import TextEdit from '../../widgets/TextEdit.svelte';
import type { Kind } from '../kind';
import { isEncodable, lengthOf, normalLines, shown } from '../texts';

const MOST = 1_000_000;

const kind: Kind<TextEditQuestion, string> = {
  isAnswered: () => true,
  check: (question, answer, payload) => {
    const original = payload[question.field];
    if (typeof original !== 'string') return { fault: t('fault.noText', { field: question.field }) };
    if (typeof answer !== 'string' || !isEncodable(answer)) return { fault: t('fault.text', { value: shown(answer) }) };
    const text = normalLines(answer);
    if (text === normalLines(original)) return { answer: original };
    const [length, min, max] = [lengthOf(text), question.min_length ?? 0, question.max_length ?? MOST];
    return length < min || length > max ? { fault: t('fault.length', { n: length, min, max }) } : { answer: text };
  },
  brief: (_question, answer) => answer,
  field: (question) => question.field,
  Widget: TextEdit,
  Editor: TextEditEditor,
  Show: TextEditShow,
};

export default kind;
