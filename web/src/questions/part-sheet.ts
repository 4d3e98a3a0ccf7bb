/** A sheet for the answers about one part of an item: a region, a mark, a message. */
import type { Answer, Answers, Payload, Question } from '../api';
import type { Sheet } from './kind';

export interface PartStore {
  payload: () => Payload;
  read: () => Answers | undefined;
  /** Keeps the answers about the part; none when nothing is said any more. */
  write: (answers: Answers | undefined, step?: string) => void;
}

export class PartSheet implements Sheet {
  readonly questions: readonly Question[] = [];
  readonly seed = '';
  readonly #store: PartStore;
  readonly #shared = new Map<string, object>();

  constructor(store: PartStore) {
    this.#store = store;
  }

  get answers(): Answers {
    return this.#store.read() ?? {};
  }

  get payload(): Payload {
    return this.#store.payload();
  }

  answer(name: string, answer: Answer | undefined, step?: string): void {
    const others = Object.entries(this.answers).filter(([other]) => other !== name);
    const answers = Object.fromEntries(answer === undefined ? others : [...others, [name, answer]]);
    this.#store.write(Object.keys(answers).length === 0 ? undefined : answers, step === undefined ? undefined : `${name}.${step}`);
  }

  shared<T extends object>(name: string, make: () => T): T {
    const found = this.#shared.get(name) ?? make();
    this.#shared.set(name, found);
    return found as T;
  }
}
