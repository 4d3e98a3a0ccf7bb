/** What a question type is in the browser: its rules, and the components that ask, mark and show it. */
import type { Component } from 'svelte';
import type { Answer, Answers, Field, Option, Payload, Question } from '../api';

/** Where answers are written: the open item, or one region of it. */
export interface Sheet {
  readonly answers: Answers;
  readonly payload: Payload;
  /** All that is asked about the item; nothing where it is one part of it. */
  readonly questions: readonly Question[];
  /** The same whenever the same person opens the same item: what stands where by chance is drawn from it. */
  readonly seed: string;
  /**
   * Sets one answer, or takes it away. Changes of the same `step` that follow each other are undone together, as when
   * letters are typed.
   */
  answer: (name: string, answer: Answer | undefined, step?: string) => void;
  /** What is suggested for a question, until it is accepted: to be seen, and no answer. */
  suggested?: (question: Question) => readonly Answer[];
  /** What components of one question share and nobody stores, such as a selection; made once. */
  shared: <T extends object>(name: string, make: () => T) => T;
}

export interface WidgetProps<Q extends Question = Question> {
  question: Q;
  sheet: Sheet;
  /** Whether keys speak to this question. */
  isActive: boolean;
  /** Makes keys speak to this question. */
  activate: () => void;
  /** This question is answered for now: on to the next one without an answer. */
  goOn: () => void;
  /** Says something to who cannot see it. */
  say: (text: string) => void;
}

export interface EditorProps<Q extends Question = Question> extends WidgetProps<Q> {
  field: Field;
  value: unknown;
  /** All that is shown of the item, for editors that show more than their field. */
  fields: readonly Field[];
  /** The vault that the item is in, where the bytes of pictures and sounds are. */
  vault: string;
}

export interface ShowProps<Q extends Question = Question> {
  question: Q;
  answer: Answer;
  payload: Payload;
  /** Another answer to the same question; what differs from it is marked. */
  against?: Answer | null;
  /** All that is asked of the item, where it is known. */
  questions?: readonly Question[] | undefined;
}

/** The answer in its normal form, or why it does not fit. */
export type Checked<A extends Answer> = { answer: A } | { fault: string };

/** A question type; a file of `types/` ends in `export default kind`. */
export interface Kind<Q extends Question = Question, A extends Answer = Answer> {
  /** Whether an answer says anything. */
  isAnswered: (question: Q, answer: Answer) => boolean;
  /** Fetches what `check` needs of a question, beside this file. */
  prepare?: (question: Q) => Promise<void>;
  /** The same verdict as the server's. */
  check: (question: Q, answer: Answer, payload: Payload) => Checked<A>;
  /** Why an answer does not fit the answers to other questions, or null. */
  checkAmong?: (question: Q, answer: A, answers: Answers) => string | null;
  /** An answer in few words, for lists. */
  brief: (question: Q, answer: A) => string;
  /** The parts of an answer that differ each on its own, in words; without it an answer is one part. */
  parts?: (question: Q, answer: A) => string[];
  /** The field that the editor takes the place of. */
  field?: (question: Q, questions: readonly Question[]) => string | null;
  /** Fields that it shows itself, without their names; they are not shown once more while it is asked. */
  covers?: (question: Q) => readonly string[];
  /** What has a key and a name in the question, for overviews. */
  options?: (question: Q) => readonly Option[];
  /** Asks it, in the panel beside the item. */
  Widget: Component<WidgetProps<Q>>;
  /** Marks the answer in its field. */
  Editor?: Component<EditorProps<Q>>;
  /** Shows an answer that cannot be changed; without one its few words are shown. */
  Show?: Component<ShowProps<Q>>;
}
