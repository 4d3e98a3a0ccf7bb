/** A schema while somebody makes or changes it, by clicking or as YAML: both say the same, and both can be undone. */
import { api, type Question, type QuestionType, type QuestionTypeRow, type Schema, type SchemaVerdict } from '../api';
import { finished, nameFrom, newQuestion, valueAt, withPart, type Path } from './schema-parts';

export interface SchemaEditorParts {
  check: (draft: { schema: object } | { text: string }, signal: AbortSignal) => Promise<SchemaVerdict>;
  loadTypes: () => Promise<QuestionTypeRow[]>;
  later: (run: () => void, ms: number) => () => void;
}

interface Past {
  schema: Schema;
  step: string | null;
}

const CHECK_AFTER_MS = 250;

export class SchemaEditor {
  schema = $state.raw<Schema>({ fields: [], questions: [] });
  /** The last schema without a fault: what a preview shows. */
  sound = $state.raw<Schema | null>(null);
  text = $state('');
  isText = $state(false);
  verdict = $state.raw<SchemaVerdict | null>(null);
  /** Whether the verdict is about an older draft. */
  isChecking = $state(false);
  error = $state.raw<unknown>(null);
  types = $state.raw<QuestionTypeRow[]>([]);
  /** The schema that answers exist for: its names and values stay when words change. */
  readonly saved: Schema | null;
  readonly #parts: SchemaEditorParts;
  #undo = $state.raw<Past[]>([]);
  #redo = $state.raw<Schema[]>([]);
  #cancel: () => void = () => undefined;
  #asking = new AbortController();

  constructor(parts: SchemaEditorParts, saved: Schema | null = null) {
    this.#parts = parts;
    this.saved = saved;
    if (saved === null) return;
    this.schema = saved;
    this.sound = saved;
    this.#check();
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** Whether it can be used as it is. */
  get isSound(): boolean {
    return !this.isChecking && this.verdict !== null && this.verdict.fault === null;
  }

  get isChanged(): boolean {
    return this.saved === null || JSON.stringify(finished(this.schema)) !== JSON.stringify(this.saved);
  }

  /** What goes to the server. */
  get finished(): Schema {
    return this.verdict?.schema && this.isSound ? (this.verdict.schema as unknown as Schema) : finished(this.schema);
  }

  /** The number of the question that the fault is in, or -1. */
  get faultAt(): number {
    const found = /^\$\.questions\[(\d+)\]/.exec(this.verdict?.place ?? '');
    return found === null ? -1 : Number(found[1]);
  }

  async loadTypes(): Promise<void> {
    try {
      if (this.types.length === 0) this.types = await this.#parts.loadTypes();
    } catch (error) {
      this.error = error;
    }
  }

  typeRow(type: string): QuestionTypeRow | undefined {
    return this.types.find((row) => row.type === type);
  }

  at(path: Path): unknown {
    return valueAt(this.schema, path);
  }

  /** Sets one part; changes of one part in a row are undone together. */
  set(path: Path, part: unknown, isTyped = true): void {
    this.#write(withPart(this.schema, path, part) as Schema, isTyped ? path.join('.') : null);
  }

  /** Adds to the list at `path`, after the place `after`. */
  insert(path: Path, part: unknown, after?: number): void {
    const list = this.#list(path);
    this.set(path, list.toSpliced(after === undefined ? list.length : after + 1, 0, part), false);
  }

  remove(path: Path): void {
    this.set(path, undefined, false);
  }

  /** Moves a part of a list by one place; says where it is then. */
  move(path: Path, direction: 1 | -1): number {
    const at = Number(path.at(-1));
    const list = this.#list(path.slice(0, -1));
    const to = at + direction;
    if (to < 0 || to >= list.length) return at;
    this.set(path.slice(0, -1), list.toSpliced(at, 1).toSpliced(to, 0, list[at]), false);
    return to;
  }

  addQuestion(path: Path, type: QuestionType): void {
    const row = this.typeRow(type);
    if (row !== undefined) this.insert(path, newQuestion(row, this.schema));
  }

  duplicate(path: Path): void {
    const question = this.at(path) as Question;
    const names = new Set((this.#list(path.slice(0, -1)) as Question[]).map(({ name }) => name));
    this.insert(path.slice(0, -1), { ...question, name: nameFrom(question.name === '' ? question.label : question.name, names) }, Number(path.at(-1)));
  }

  /** Words a question anew; its name follows unless answers are kept under it, or somebody gave it one. */
  label(path: Path, label: string): void {
    const question = this.at(path) as Question;
    const others = new Set((this.#list(path.slice(0, -1)) as Question[]).filter((one) => one !== question).map(({ name }) => name));
    const follows = question.name === '' || question.name === nameFrom(question.label, others);
    const isKept = this.saved?.questions.some(({ name }) => name === question.name) === true;
    this.set(path, { ...question, label, ...(follows && !isKept ? { name: label.trim() === '' ? '' : nameFrom(label, others) } : {}) });
  }

  /** Words an option anew; its value follows unless answers hold it, or somebody gave it one. */
  labelOption(path: Path, label: string): void {
    const option = this.at(path) as { value: string; label: string };
    const kept = valueAt(this.saved?.questions.find(({ name }) => name === valueAt(this.at(path.slice(0, 2)), ['name'])), path.slice(2, -1));
    const isKept = Array.isArray(kept) && (kept as { value: string }[]).some(({ value }) => value === option.value);
    const follows = option.value.trim() === option.label.trim() && !isKept;
    this.set(path, { ...option, label, ...(follows ? { value: label.trim() } : {}) });
  }

  /** Takes what was written as YAML. */
  write(text: string): void {
    this.text = text;
    this.#check({ text });
  }

  /** Takes a schema as a whole, such as one that was read from a text. */
  take(schema: Schema): void {
    this.#write(schema, null);
  }

  undo(): void {
    const before = this.#undo.at(-1);
    if (before === undefined) return;
    this.#redo = [...this.#redo, this.schema];
    this.#undo = this.#undo.slice(0, -1);
    this.schema = before.schema;
    this.#check();
  }

  redo(): void {
    const after = this.#redo.at(-1);
    if (after === undefined) return;
    this.#undo = [...this.#undo, { schema: this.schema, step: null }];
    this.#redo = this.#redo.slice(0, -1);
    this.schema = after;
    this.#check();
  }

  #list(path: Path): unknown[] {
    const list = this.at(path);
    return Array.isArray(list) ? (list as unknown[]) : [];
  }

  #remember(step: string | null): void {
    if (step === null || this.#undo.at(-1)?.step !== step) this.#undo = [...this.#undo, { schema: this.schema, step }];
    this.#redo = [];
  }

  #write(schema: Schema, step: string | null): void {
    this.#remember(step);
    this.schema = schema;
    this.#check();
  }

  /** Asks for the verdict on the draft of now, once nothing has been typed for a moment. */
  #check(draft?: { text: string }): void {
    this.isChecking = true;
    this.#cancel();
    this.#asking.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.#cancel = this.#parts.later(() => void this.#ask(draft ?? { schema: finished(this.schema) }, asking.signal), CHECK_AFTER_MS);
  }

  async #ask(draft: { schema: object } | { text: string }, signal: AbortSignal): Promise<void> {
    try {
      const verdict = await this.#parts.check(draft, signal);
      if (signal.aborted) return;
      this.verdict = verdict;
      this.error = null;
      this.isChecking = false;
      const said = verdict.schema as unknown as Partial<Schema> | null;
      const isSchema = Array.isArray(said?.fields) && Array.isArray(said.questions);
      if (verdict.fault === null && isSchema) this.sound = said as Schema;
      if (!('text' in draft)) this.text = verdict.text;
      else if (isSchema && JSON.stringify(said) !== JSON.stringify(this.schema)) {
        this.#remember('text');
        this.schema = said as Schema;
      }
    } catch (error) {
      if (!signal.aborted) this.error = error;
    }
  }
}

/** An editor that is wired to the server. */
export function openSchemaEditor(vault: string, saved: Schema | null = null): SchemaEditor {
  const later = (run: () => void, ms: number) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  };
  const loadTypes = async () => (await api.questionTypes()).rows;
  return new SchemaEditor({ check: (draft, signal) => api.checkSchema(vault, draft, signal), loadTypes, later }, saved);
}
