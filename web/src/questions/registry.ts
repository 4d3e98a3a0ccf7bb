/** Question types by name. Each is one file in `types/`, fetched when a schema first asks for it. */
import type { Answer, Answers, Payload, Question } from '../api';
import type { Checked, Kind } from './kind';

const FILES = import.meta.glob<{ default: Kind }>('./types/*.ts');
const loaded = new Map<string, Kind>();

/** The names of all question types. */
export const TYPES: readonly string[] = Object.keys(FILES).map((path) => path.replace(/^.*\/|\.ts$/g, ''));

/** Fetches what the questions need; afterwards `kindOf` answers at once. */
export async function loadKinds(questions: readonly Question[]): Promise<void> {
  const all = questions.flatMap((question) => [question, ...partsOf(question)]);
  const types = [...new Set(all.map(({ type }) => type))];
  await Promise.all(types.filter((type) => !loaded.has(type)).map(load));
  await Promise.all(all.map(async (question) => kindOf(question).prepare?.(question)));
}

/** The questions that a question asks about regions or messages. */
export function partsOf(question: Question): readonly Question[] {
  if ('attributes' in question) return question.attributes ?? [];
  return question.type === 'messages' ? question.ask : [];
}

async function load(type: string): Promise<void> {
  const file = FILES[`./types/${type}.ts`];
  if (file === undefined) throw new RangeError(`This page does not know questions of the type ${type}. Reload it; it may be older than the server.`);
  loaded.set(type, (await file()).default);
}

export function kindOf(question: Pick<Question, 'type'>): Kind {
  const kind = loaded.get(question.type);
  if (kind === undefined) throw new RangeError(`questions of the type ${question.type} are not loaded`);
  return kind;
}

export function isAnswered(question: Question, answer: Answer | undefined | null): boolean {
  return answer !== undefined && answer !== null && kindOf(question).isAnswered(question, answer);
}

export function check(question: Question, answer: Answer, payload: Payload): Checked<Answer> {
  return kindOf(question).check(question, answer, payload);
}

/** Why a normal answer does not fit the answers to other questions, or null. */
export function checkAmong(question: Question, answer: Answer, answers: Answers): string | null {
  return kindOf(question).checkAmong?.(question, answer, answers) ?? null;
}

/** An answer in few words; one that is not as its question asks is shown as it is. */
export function brief(question: Question, answer: unknown): string {
  if (answer === undefined || answer === null) return '';
  return kindOf(question).brief(question, answer);
}
