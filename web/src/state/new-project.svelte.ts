/** A project in the making: a file, what of it is shown, what is asked. Nothing typed is lost when a step fails. */
import {
  api,
  type FileFormat,
  type Guess,
  type ImportReport,
  type ProjectFull,
} from '../api';
import { openSchemaEditor, type SchemaEditor } from './schema-editor.svelte';
import { isArchive, isSentWhole, mediaFieldOf, sendAll, type MediaField } from './media-files';
import { fieldFrom } from './schema-parts';

export type Phase = 'editing' | 'creating' | 'importing' | 'done';
export type Missing = 'file' | 'name' | 'columns' | 'questions' | 'question' | 'fault';

const GUESS_BYTES = 1 << 20;
const FORMATS: Record<string, FileFormat> = { csv: 'csv', tsv: 'csv', txt: 'csv', jsonl: 'jsonl', ndjson: 'jsonl', json: 'json' };

/** The format that a file's name tells, or null. */
export function formatOf(fileName: string): FileFormat | null {
  return FORMATS[fileName.toLowerCase().split('.').at(-1) ?? ''] ?? null;
}

/** The first `limit` bytes of a file, up to the end of a line where there is one. */
async function startOf(file: Blob, limit: number): Promise<Blob> {
  if (file.size <= limit) return file;
  const head = new Uint8Array(await file.slice(0, limit).arrayBuffer());
  const end = head.lastIndexOf(0x0a);
  return file.slice(0, end > 0 ? end + 1 : limit);
}

/** What the server sees in the start of a file; null when its name tells no format. */
export async function guessFile(vault: string, file: File): Promise<Guess | null> {
  const format = formatOf(file.name);
  return format === null ? null : api.guess(vault, await startOf(file, GUESS_BYTES), format);
}

const nameOf = (file: File) => file.name.replace(/\.[^.]+$/, '').replaceAll(/[_-]+/g, ' ');

export class NewProject {
  readonly vault: string;
  name = $state('');
  guideline = $state('');
  file = $state.raw<File | null>(null);
  guess = $state.raw<Guess | null>(null);
  /** Media files and archives, which are sent as they are; then there is no table of rows. */
  files = $state.raw<File[]>([]);
  isGuessing = $state(false);
  fileError = $state.raw<unknown>(null);
  /** The format was not one that can be read. */
  isUnknownFormat = $state(false);
  idColumn = $state<string | null>(null);
  /** What is shown and what is asked. */
  readonly editor: SchemaEditor;
  /** Whether a text classifier learns from people's answers and answers beside them, named as a program. */
  hasAssistant = $state(true);
  phase = $state<Phase>('editing');
  share = $state(0);
  error = $state.raw<unknown>(null);
  project = $state.raw<ProjectFull | null>(null);
  report = $state.raw<ImportReport | null>(null);

  constructor(vault: string) {
    this.vault = vault;
    this.editor = openSchemaEditor(vault);
  }

  /** The columns that are shown. */
  get shown(): string[] {
    return this.editor.schema.fields.map(({ name }) => name);
  }

  /** Whether there is something to make a project of. */
  get hasItems(): boolean {
    return this.guess !== null || this.files.length > 0;
  }

  /** The type of the field that the media files are shown in. */
  get mediaField(): MediaField {
    const type = this.editor.schema.fields[0]?.type;
    return type === 'audio' || type === 'pdf' ? type : 'image';
  }

  set mediaField(type: MediaField) {
    this.editor.take({ ...this.editor.schema, fields: [{ name: type, type }] });
  }

  /** What has to be given before the project can be made. */
  get missing(): Missing[] {
    const found: Missing[] = [];
    if (!this.hasItems) found.push('file');
    else if (this.shown.length === 0) found.push('columns');
    const { editor } = this;
    if (editor.schema.questions.length === 0) found.push('questions');
    else if (editor.schema.questions.some(({ label }) => label.trim() === '')) found.push('question');
    else if (this.hasItems && this.shown.length > 0 && !editor.isSound) found.push('fault');
    if (this.name.trim() === '') found.push('name');
    return found;
  }

  /** Takes the media files among those chosen, or else the first as a table of rows. */
  async choose(chosen: readonly File[]): Promise<void> {
    const file = chosen[0];
    if (file === undefined) return;
    this.fileError = null;
    const whole = chosen.filter(({ name }) => isSentWhole(name));
    this.isUnknownFormat = whole.length === 0 && formatOf(file.name) === null;
    await (whole.length > 0 ? this.#takeFiles(whole) : this.#takeTable(file));
  }

  async #takeFiles(files: File[]): Promise<void> {
    this.isGuessing = true;
    try {
      await this.editor.loadTypes();
      this.file = this.guess = null;
      this.files = files;
      this.hasAssistant = false;
      this.mediaField = files.map(({ name }) => mediaFieldOf(name)).find((type) => type !== null) ?? 'image';
      const archive = files.find(({ name }) => isArchive(name));
      if (this.name === '' && archive !== undefined) this.name = nameOf(archive);
      if (this.editor.schema.questions.length === 0) this.editor.addQuestion(['questions'], 'choice');
    } catch (error) {
      this.fileError = error;
    } finally {
      this.isGuessing = false;
    }
  }

  async #takeTable(file: File): Promise<void> {
    this.isGuessing = true;
    try {
      const guess = await guessFile(this.vault, file);
      if (guess === null) return;
      this.file = file;
      this.files = [];
      this.guess = guess;
      await this.editor.loadTypes();
      this.editor.take({ ...this.editor.schema, fields: guess.text_column === null ? [] : [fieldFrom(guess.text_column, guess.rows)] });
      this.idColumn = guess.id_column;
      if (this.name === '') this.name = nameOf(file);
      if (this.editor.schema.questions.length === 0) this.editor.addQuestion(['questions'], 'choice');
    } catch (error) {
      this.fileError = error;
    } finally {
      this.isGuessing = false;
    }
  }

  show(column: string, isShown: boolean): void {
    const { fields } = this.editor.schema;
    const others = fields.filter(({ name }) => name !== column);
    const columns = this.guess?.columns.map(({ name }) => name) ?? [];
    const wanted = isShown ? [...others, fieldFrom(column, this.guess?.rows ?? [])] : others;
    this.editor.set(['fields'], wanted.sort((a, b) => columns.indexOf(a.name) - columns.indexOf(b.name)), false);
  }

  /** Makes the project, once, and brings the rows in; after a failure it goes on where it stopped. */
  async create(): Promise<void> {
    if (this.missing.length > 0) return;
    this.error = null;
    try {
      if (this.project === null) {
        this.phase = 'creating';
        const policy = { assistant: this.hasAssistant };
        const project = { name: this.name.trim(), schema: this.editor.finished, guideline: this.guideline, policy };
        this.project = await api.createProject(this.vault, project);
      }
      this.phase = 'importing';
      this.share = 0;
      this.report = await this.#send(this.project.slug);
      this.phase = 'done';
    } catch (error) {
      this.error = error;
      this.phase = 'editing';
    }
  }

  #send(slug: string): Promise<ImportReport | null> {
    const onProgress = (share: number) => (this.share = share);
    if (this.files.length > 0) return sendAll(this.files, (file, onShare) => api.importFile(this.vault, slug, file, onShare), onProgress);
    if (this.file === null || this.guess === null) return Promise.resolve(null);
    return api.importItems(this.vault, slug, this.file, { format: this.guess.format, idColumn: this.idColumn, onProgress });
  }
}
