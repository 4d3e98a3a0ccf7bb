/** The messages of a conversation while they are rated: which one keys speak to, and what is said of each. */
import type { Answers, MessagesQuestion, Payload } from '../api';
import { checkParts } from './attributes';
import { Followed } from './followed';
import type { Sheet } from './kind';
import { PartSheet } from './part-sheet';
import { listOf, objectOf } from './values';

export interface Rated {
  message: number;
  answers: Answers;
}

/** The places of the messages that are asked about; null where the field holds no conversation. */
export function ratedMessages(question: MessagesQuestion, payload: Payload): number[] | null {
  const roles = listOf(payload[question.field])?.map((message) => objectOf(message)?.['role']);
  if (roles === undefined || roles.some((role) => typeof role !== 'string')) return null;
  const wanted = question.roles ?? ['assistant'];
  return roles.flatMap((role, i) => (wanted.includes(role as string) ? [i] : []));
}

export class MessagesView {
  readonly question: MessagesQuestion;
  readonly sheet: Sheet;
  /** The places in the conversation of the messages that are asked about. */
  readonly messages: readonly number[];
  /** Which of them keys speak to. */
  at = $state(0);
  readonly #followed: Followed<string>;
  readonly #sheets = new Map<number, PartSheet>();

  constructor(question: MessagesQuestion, sheet: Sheet) {
    this.question = question;
    this.sheet = sheet;
    this.messages = ratedMessages(question, sheet.payload) ?? [];
    this.#followed = new Followed(this.#parts());
    const open = this.messages.findIndex((message) => !this.isRated(message));
    this.at = Math.max(0, open);
  }

  get list(): readonly Rated[] {
    return (listOf(this.sheet.answers[this.question.name]) ?? []) as readonly Rated[];
  }

  get message(): number {
    return this.messages[this.at] ?? -1;
  }

  get nRated(): number {
    return this.messages.filter((message) => this.isRated(message)).length;
  }

  answersOf(message: number): Answers | undefined {
    return this.list.find((rated) => rated.message === message)?.answers;
  }

  /** Whether everything that has to be said of a message is said. */
  isRated(message: number): boolean {
    const answers = this.answersOf(message);
    return answers !== undefined && 'answer' in checkParts(this.question.ask, answers, this.sheet.payload);
  }

  go(direction: 1 | -1): void {
    this.at = Math.max(0, Math.min(this.messages.length - 1, this.at + direction));
  }

  goTo(message: number): void {
    const at = this.messages.indexOf(message);
    if (at >= 0) this.at = at;
  }

  /** Goes to the message of which undo or redo has changed what is said. */
  follow(): void {
    const place = this.#followed.take(this.#parts());
    if (place >= 0) this.at = place;
  }

  /** Goes to the next message that is not rated, round the end; says whether there is one. */
  goOn(): boolean {
    const { length } = this.messages;
    for (let step = 1; step <= length; step += 1) {
      const at = (this.at + step) % length;
      if (this.isRated(this.messages[at] ?? -1)) continue;
      this.at = at;
      return true;
    }
    return false;
  }

  sheetOf(message: number): Sheet {
    const made = this.#sheets.get(message) ?? new PartSheet({ payload: () => this.sheet.payload, read: () => this.answersOf(message), write: (answers, step) => this.#write(message, answers, step) });
    this.#sheets.set(message, made);
    return made;
  }

  #parts(): string[] {
    return this.messages.map((message) => JSON.stringify(this.answersOf(message) ?? {}));
  }

  #write(message: number, answers: Answers | undefined, step?: string): void {
    const others = this.list.filter((rated) => rated.message !== message);
    const list = [...others, ...(answers === undefined ? [] : [{ message, answers }])].sort((one, two) => one.message - two.message);
    this.sheet.answer(this.question.name, list.length === 0 ? undefined : list, step === undefined ? undefined : `${String(message)}.${step}`);
    this.#followed.keep(this.#parts());
  }
}

export function messagesView(sheet: Sheet, question: MessagesQuestion): MessagesView {
  return sheet.shared(question.name, () => new MessagesView(question, sheet));
}
