/** What models say of the open item. Nothing of it is an answer before somebody accepts it. */
import type { Answer, Answers, Assistance, Payload, Question, Suggestion } from '../api';
import { isSame } from '../lib/same';
import { check, isAnswered } from '../questions/registry';

/** One answer that is suggested, and which models suggest it. */
export interface Suggested {
  answer: Answer;
  names: readonly string[];
  models: readonly string[];
}

const nameOf = ({ source }: Suggestion): string => [source.name, source.version ?? ''].join(' ').trim();

export class Suggestions {
  readonly #given: readonly Suggestion[];
  readonly #payload: Payload;
  readonly #found = new Map<string, readonly Suggested[]>();
  /** What was shown before the page was loaded anew. */
  #before: readonly string[] = [];

  constructor(given: readonly Suggestion[], payload: Payload) {
    this.#given = given;
    this.#payload = payload;
  }

  get hasAny(): boolean {
    return this.#given.length > 0;
  }

  /** What is suggested for a question, the same answer once; what does not fit the question is not. */
  of(question: Question): readonly Suggested[] {
    const known = this.#found.get(question.name);
    if (known !== undefined) return known;
    const found: Suggested[] = [];
    for (const suggestion of this.#given) {
      const raw = suggestion.answers[question.name];
      if (raw === undefined || !isAnswered(question, raw)) continue;
      const verdict = check(question, raw, this.#payload);
      if ('fault' in verdict || !isAnswered(question, verdict.answer)) continue;
      const at = found.findIndex(({ answer }) => isSame(answer, verdict.answer));
      const same = found[at] ?? { answer: verdict.answer, names: [], models: [] };
      const joined = { ...same, names: [...same.names, nameOf(suggestion)], models: [...same.models, suggestion.source.id] };
      found.splice(at < 0 ? found.length : at, 1, joined);
    }
    this.#found.set(question.name, found);
    return found;
  }

  /**
   * What became of them: `taken` are the suggested answers that were accepted, by question; what is answered otherwise
   * now, or no longer, was changed. Null where none was shown.
   */
  assistance(asked: readonly Question[], answers: Answers, taken: Answers): Assistance | null {
    const shown = new Set([...this.#before, ...asked.flatMap((question) => this.of(question).flatMap(({ models }) => models))]);
    if (shown.size === 0) return null;
    const names = asked.map(({ name }) => name).filter((name) => taken[name] !== undefined);
    const isAsTaken = (name: string) => isSame(answers[name], taken[name]);
    return { shown: [...shown], accepted: names.filter(isAsTaken), changed: names.filter((name) => !isAsTaken(name)) };
  }

  /** What had been accepted, as far as a draft tells; of a changed answer, what it most likely was. */
  takenOf(told: Assistance, questions: readonly Question[], answers: Answers): Answers {
    this.#before = told.shown ?? [];
    const taken: Answers = {};
    for (const question of questions) {
      const { name } = question;
      const was = (told.accepted ?? []).includes(name)
        ? answers[name]
        : (told.changed ?? []).includes(name)
          ? this.of(question).find(({ answer }) => !isSame(answer, answers[name]))?.answer
          : undefined;
      if (was !== undefined) taken[name] = was;
    }
    return taken;
  }
}
