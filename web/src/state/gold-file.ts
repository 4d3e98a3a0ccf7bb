/** A file of known answers: `id` and one column per question, read in the browser and sent in parts. */
import type { FileFormat, GoldLine, GoldReport, Question } from '../api';

/** The server takes so many rows at once. */
export const MOST_ROWS = 5_000;

export interface NumberedLine extends GoldLine {
  /** Where it stands in the file, the first row being 1. */
  row: number;
}

/** The cells of a CSV file by row, as RFC 4180 has them: quoted cells may hold delimiters, quotes and lines. */
export function csvRows(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  const endRow = () => {
    row.push(cell);
    if (row.length > 1 || row[0] !== '') rows.push(row);
    [row, cell] = [[], ''];
  };
  for (let i = 0; i < text.length; i += 1) {
    const one = text.charAt(i);
    if (isQuoted) {
      if (one !== '"') cell += one;
      else if (text.charAt(i + 1) === '"') {
        cell += '"';
        i += 1;
      } else isQuoted = false;
    } else if (one === '"' && cell === '') isQuoted = true;
    else if (one === delimiter) {
      row.push(cell);
      cell = '';
    } else if (one === '\n' || one === '\r') {
      if (one === '\r' && text.charAt(i + 1) === '\n') i += 1;
      endRow();
    } else cell += one;
  }
  if (cell !== '' || row.length > 0) endRow();
  return rows;
}

/** The rows of a file as objects by column. */
export function objects(text: string, format: FileFormat, delimiter: string): Record<string, unknown>[] {
  const plain = text.replace(/^\uFEFF/, '');
  if (format === 'json') return JSON.parse(plain) as Record<string, unknown>[];
  if (format === 'jsonl') {
    const lines = plain.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
  const [head = [], ...rows] = csvRows(plain, delimiter);
  return rows.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])));
}

/** What a cell says as an answer: the option that it names by value or label; else the server judges it. */
function answerOf(question: Question, cell: unknown): unknown {
  if (typeof cell !== 'string') return cell;
  const text = cell.trim();
  if (question.type === 'choice') {
    const named = question.options.find(({ value }) => value === text) ?? question.options.find(({ label }) => label === text);
    return named?.value ?? text;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The known answers in the rows; cells that say nothing are left out, and rows in which no cell says anything. */
export function goldLines(rows: readonly Record<string, unknown>[], idColumn: string, questions: readonly Question[]): NumberedLine[] {
  return rows.flatMap((row, i) => {
    const filled = questions.filter(({ name }) => row[name] !== undefined && row[name] !== null && row[name] !== '');
    if (filled.length === 0) return [];
    const id = row[idColumn];
    const answers = Object.fromEntries(filled.map((question) => [question.name, answerOf(question, row[question.name])]));
    return [{ row: i + 1, id: typeof id === 'string' ? id : JSON.stringify(id ?? ''), answers }];
  });
}

/** Sends all lines, as many at once as the server takes; the reports as one, with rows as the file counts them. */
export async function sendGold(lines: readonly NumberedLine[], send: (rows: GoldLine[]) => Promise<GoldReport>, onProgress: (share: number) => void): Promise<GoldReport> {
  let whole: GoldReport = { n_read: 0, n_stored: 0, n_unchanged: 0, n_rejected: 0, rejected: [] };
  for (let start = 0; start < lines.length; start += MOST_ROWS) {
    const part = lines.slice(start, start + MOST_ROWS);
    const report = await send(part.map(({ id, answers }) => ({ id, answers })));
    whole = {
      n_read: whole.n_read + report.n_read,
      n_stored: whole.n_stored + report.n_stored,
      n_unchanged: whole.n_unchanged + report.n_unchanged,
      n_rejected: whole.n_rejected + report.n_rejected,
      rejected: [...whole.rejected, ...report.rejected.map((one) => ({ ...one, row: part[one.row - 1]?.row ?? one.row }))],
    };
    onProgress(Math.min(1, (start + part.length) / lines.length));
  }
  return whole;
}
