/** Pictures, sounds, PDF files and archives of them, as people choose them: what they are and how they are sent. */
import { t } from '../i18n';
import { Problem, type FieldType, type ImportReport } from '../api';

export type MediaField = Extract<FieldType, 'image' | 'audio' | 'pdf'>;
export const MEDIA_FIELDS: readonly MediaField[] = ['image', 'audio', 'pdf'];

const ENDINGS: Record<MediaField, readonly string[]> = {
  image: ['jpg', 'jpeg', 'png', 'webp', 'gif', 'tif', 'tiff', 'bmp'],
  audio: ['wav', 'flac', 'ogg', 'oga', 'opus', 'mp3'],
  pdf: ['pdf'],
};
const ROWS = '.csv,.tsv,.txt,.jsonl,.ndjson,.json';

/** What a file input offers: tables of rows, media files and archives. */
export const CHOOSABLE = [ROWS, ...Object.values(ENDINGS).map((endings) => endings.map((ending) => `.${ending}`).join(',')), '.zip'].join(',');

const endingOf = (name: string) => name.toLowerCase().split('.').at(-1) ?? '';

/** The type of field that holds a file of this name, or null. */
export function mediaFieldOf(name: string): MediaField | null {
  return MEDIA_FIELDS.find((field) => ENDINGS[field].includes(endingOf(name))) ?? null;
}

export const isArchive = (name: string): boolean => endingOf(name) === 'zip';

/** Whether a file is sent as it is, and not read as a table of rows. */
export const isSentWhole = (name: string): boolean => isArchive(name) || mediaFieldOf(name) !== null;

export type SendWhole = (file: File, onProgress: (share: number) => void) => Promise<ImportReport>;

const NOTHING: ImportReport = { n_read: 0, n_accepted: 0, n_duplicate: 0, n_changed: 0, n_rejected: 0, n_predictions: 0, rejected: [] };

function sum(a: ImportReport, b: ImportReport): ImportReport {
  return {
    n_read: a.n_read + b.n_read,
    n_accepted: a.n_accepted + b.n_accepted,
    n_duplicate: a.n_duplicate + b.n_duplicate,
    n_changed: a.n_changed + b.n_changed,
    n_rejected: a.n_rejected + b.n_rejected,
    n_predictions: a.n_predictions + b.n_predictions,
    rejected: [...a.rejected, ...b.rejected],
  };
}

/**
 * Sends files one after the other; the reports of all as one, where the line of a single file is its place among them.
 *
 * A file that the server refuses stops no other.
 *
 * @throws what is no refusal of a file, such as a server that cannot be reached.
 */
export async function sendAll(files: readonly File[], send: SendWhole, onProgress: (share: number) => void): Promise<ImportReport> {
  const total = files.reduce((bytes, { size }) => bytes + size, 0) || 1;
  let sent = 0;
  let all = NOTHING;
  for (const [i, file] of files.entries()) {
    const before = sent;
    all = sum(all, placed(await oneOf(file, send, (share) => onProgress((before + share * file.size) / total)), file, i + 1));
    sent += file.size;
    onProgress(sent / total);
  }
  return all;
}

async function oneOf(file: File, send: SendWhole, onProgress: (share: number) => void): Promise<ImportReport> {
  try {
    return await send(file, onProgress);
  } catch (error) {
    if (!(error instanceof Problem) || ![400, 413, 422].includes(error.status)) throw error;
    return { ...NOTHING, n_read: 1, n_rejected: 1, rejected: [{ line: 1, reason: t('drop.fileRefused', { name: file.name, reason: error.message }) }] };
  }
}

function placed(report: ImportReport, file: File, at: number): ImportReport {
  return isArchive(file.name) ? report : { ...report, rejected: report.rejected.map((one) => ({ ...one, line: at })) };
}
