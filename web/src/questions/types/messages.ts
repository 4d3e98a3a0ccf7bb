/** Messages: ask the same about every message of a conversation. */
import type { Answer, Answers, MessagesQuestion, Payload } from '../../api';
import MessagesEditor from '../../editors/Messages.svelte';
import { t } from '../../i18n';
import MessagesShow from '../../shows/Messages.svelte';
import Messages from '../../widgets/Messages.svelte';
import { checkParts } from '../attributes';
import type { Checked, Kind } from '../kind';
import { ratedMessages, type Rated } from '../messages.svelte';
import { shown } from '../texts';
import { listOf, objectOf, wholeNumber } from '../values';

function check(question: MessagesQuestion, answer: Answer, payload: Payload): Checked<Rated[]> {
  const wanted = ratedMessages(question, payload);
  const listed = listOf(answer);
  if (wanted === null) return { fault: t('fault.noChat', { field: question.field }) };
  if (listed === null) return { fault: t('fault.list', { value: shown(answer) }) };
  const given = new Map<number, Answers>();
  for (const entry of listed) {
    const parts = objectOf(entry);
    const answers = objectOf(parts?.['answers']);
    if (parts === null || answers === null || Object.keys(parts).length !== 2 || !('message' in parts)) return { fault: t('fault.message', { value: shown(entry) }) };
    const message = wholeNumber(parts['message']);
    if (message === null || !wanted.includes(message)) return { fault: t('fault.message', { value: shown(parts['message']) }) };
    if (given.has(message)) return { fault: t('fault.twice', { value: String(message) }) };
    given.set(message, answers as Answers);
  }
  const found: Rated[] = [];
  for (const [i, message] of wanted.entries()) {
    const verdict = checkParts(question.ask, given.get(message) ?? {}, payload);
    if ('fault' in verdict) return { fault: t('fault.ofMessage', { n: i + 1, all: wanted.length, fault: verdict.fault }) };
    found.push({ message, answers: verdict.answer });
  }
  return { answer: found };
}

const kind: Kind<MessagesQuestion, Rated[]> = {
  isAnswered: () => true,
  check,
  brief: (_question, answer) => t('messages.brief', { n: answer.length }),
  field: (question) => question.field,
  Widget: Messages,
  Editor: MessagesEditor,
  Show: MessagesShow,
};

export default kind;
