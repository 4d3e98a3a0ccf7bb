/** Several files brought into a project one after the other, with what became of the rows of each. */
import { t } from '../i18n';
import type { FileFormat, Guess, ImportOptions, ImportReport } from '../api';
import { isSentWhole, type SendWhole } from './media-files';
import { formatOf } from './new-project.svelte';

export interface FileImportParts {
  guess: (file: File) => Promise<Guess | null>;
  send: (file: File, options: ImportOptions) => Promise<ImportReport>;
  /** Sends a media file or an archive as it is. */
  sendWhole: SendWhole;
}

export interface FileRow {
  name: string;
  /** How much of it is sent; null when it is not on its way. */
  share: number | null;
  report: ImportReport | null;
  /** Why it was not imported. */
  fault: string;
}

export class FileImports {
  rows = $state.raw<FileRow[]>([]);
  isBusy = $state(false);
  readonly #parts: FileImportParts;

  constructor(parts: FileImportParts) {
    this.#parts = parts;
  }

  get reportJson(): string {
    return JSON.stringify(this.rows.map(({ name, report, fault }) => ({ file: name, ...(fault === '' ? {} : { fault }), ...report })), null, 2);
  }

  /** Imports files; one that cannot be read stops no other. */
  async add(files: readonly File[]): Promise<void> {
    this.isBusy = true;
    const start = this.rows.length;
    this.rows = [...this.rows, ...files.map((file) => ({ name: file.name, share: null, report: null, fault: '' }))];
    for (const [i, file] of files.entries()) await this.#one(start + i, file);
    this.isBusy = false;
  }

  clear(): void {
    this.rows = [];
  }

  async #one(at: number, file: File): Promise<void> {
    const format: FileFormat | null = formatOf(file.name);
    if (format === null && !isSentWhole(file.name)) {
      this.#set(at, { fault: t('new.unknownFormat') });
      return;
    }
    try {
      const report = format === null ? await this.#whole(at, file) : await this.#rows(at, file, format);
      this.#set(at, { report, share: null });
    } catch (error) {
      this.#set(at, { share: null, fault: error instanceof Error ? error.message : String(error) });
    }
  }

  #whole(at: number, file: File): Promise<ImportReport> {
    this.#set(at, { share: 0 });
    return this.#parts.sendWhole(file, (share) => this.#set(at, { share }));
  }

  async #rows(at: number, file: File, format: FileFormat): Promise<ImportReport> {
    const guess = await this.#parts.guess(file);
    this.#set(at, { share: 0 });
    const idColumn = guess?.id_column ?? null;
    return this.#parts.send(file, { format, idColumn, onProgress: (share) => this.#set(at, { share }) });
  }

  #set(at: number, change: Partial<FileRow>): void {
    this.rows = this.rows.map((row, i) => (i === at ? { ...row, ...change } : row));
  }
}

/** All files that were dropped, those inside folders too. */
export async function filesOf(dropped: DataTransfer): Promise<File[]> {
  const entries = [...dropped.items].map((one) => one.webkitGetAsEntry()).filter((one) => one !== null);
  if (entries.length === 0) return [...dropped.files];
  return (await Promise.all(entries.map(within))).flat();
}

async function within(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile) return [await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: File[] = [];
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) return found;
    for (const one of part) found.push(...(await within(one)));
  }
}
