/** What changed between two texts, by line and by word. */

export interface Part {
  kind: 'same' | 'gone' | 'new';
  text: string;
}

/** A row of two texts side by side; a side that has nothing here is null. */
export interface Row {
  before: { number: number; parts: Part[] } | null;
  after: { number: number; parts: Part[] } | null;
  isSame: boolean;
}

interface Run {
  kind: Part['kind'];
  tokens: string[];
}

/** More changes than this are not told apart: the texts have little in common. */
const MOST_CHANGES = 1200;
// A word, white space, or one sign.
const TOKEN = /[\p{L}\p{M}\p{N}_]+|\s+|[^]/gu;
// Scripts that are written without spaces go by the letter.
const LETTERS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]\p{M}*|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]+/gu;

export function wordsOf(text: string): string[] {
  return (text.match(TOKEN) ?? []).flatMap((token) => token.match(LETTERS) ?? []);
}

export function linesOf(text: string): string[] {
  return text === '' ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}

/** How far each diagonal gets with every number of changes, or null when there are more than `MOST_CHANGES`. */
function trace(before: readonly string[], after: readonly string[]): Int32Array[] | null {
  const most = Math.min(before.length + after.length, MOST_CHANGES);
  const reach = new Int32Array(2 * most + 3);
  const steps: Int32Array[] = [];
  for (let n = 0; n <= most; n += 1) {
    steps.push(reach.slice(most - n, most + n + 3));
    for (let k = -n; k <= n; k += 2) {
      const at = k + most + 1;
      const down = k === -n || (k !== n && (reach[at - 1] ?? 0) < (reach[at + 1] ?? 0));
      let x = down ? (reach[at + 1] ?? 0) : (reach[at - 1] ?? 0) + 1;
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x += 1;
      reach[at] = x;
      if (x >= before.length && x - k >= after.length) return steps;
    }
  }
  return null;
}

/** The shortest way from one list to the other, as one run per token, last first. */
function walkBack(before: readonly string[], after: readonly string[], steps: readonly Int32Array[]): Run[] {
  const found: Run[] = [];
  let [x, y] = [before.length, after.length];
  for (let n = steps.length - 1; n >= 0; n -= 1) {
    const reach = steps[n] ?? new Int32Array(0);
    const k = x - y;
    const at = (diagonal: number): number => reach[diagonal + n + 1] ?? 0;
    const down = k === -n || (k !== n && at(k - 1) < at(k + 1));
    const from = down ? at(k + 1) : at(k - 1);
    const start = n === 0 ? 0 : down ? from : from + 1;
    while (x > start) {
      found.push({ kind: 'same', tokens: [before[x - 1] ?? ''] });
      x -= 1;
      y -= 1;
    }
    if (n === 0) break;
    if (down) found.push({ kind: 'new', tokens: [after[(y -= 1)] ?? ''] });
    else found.push({ kind: 'gone', tokens: [before[(x -= 1)] ?? ''] });
  }
  return found;
}

/** Runs of the same kind joined; between two stretches that are the same, what is gone comes before what is new. */
function joined(runs: readonly Run[]): Run[] {
  const found: Run[] = [];
  let gone: string[] = [];
  let fresh: string[] = [];
  const flush = (): void => {
    if (gone.length > 0) found.push({ kind: 'gone', tokens: gone });
    if (fresh.length > 0) found.push({ kind: 'new', tokens: fresh });
    [gone, fresh] = [[], []];
  };
  for (const { kind, tokens } of runs) {
    if (kind === 'gone') gone.push(...tokens);
    else if (kind === 'new') fresh.push(...tokens);
    else {
      flush();
      const last = found.at(-1);
      if (last?.kind === 'same') for (const token of tokens) last.tokens.push(token);
      else found.push({ kind, tokens: [...tokens] });
    }
  }
  flush();
  return found;
}

/** What two lists of tokens have in common, by Myers's shortest edit script between their equal ends. */
function runsOf(before: readonly string[], after: readonly string[]): Run[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  const [old, fresh] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  const steps = trace(old, fresh);
  const middle: Run[] = steps === null ? [{ kind: 'gone', tokens: old }, { kind: 'new', tokens: fresh }] : walkBack(old, fresh, steps).reverse();
  const ends = (tokens: string[]): Run[] => (tokens.length > 0 ? [{ kind: 'same', tokens }] : []);
  return joined([...ends(before.slice(0, head)), ...middle, ...ends(before.slice(before.length - tail))]);
}

const partsOf = (runs: readonly Run[]): Part[] => runs.map(({ kind, tokens }) => ({ kind, text: tokens.join('') }));

/** What changed from one text to another, by word: lines that stay are found first, so that long texts stay quick. */
export function wordChanges(before: string, after: string): Part[] {
  const lines = runsOf(linesOf(before), linesOf(after));
  const found: Part[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const [run, next] = [lines[i], lines[i + 1]];
    if (run === undefined) continue;
    if (run.kind === 'gone' && next?.kind === 'new') {
      found.push(...partsOf(runsOf(wordsOf(run.tokens.join('')), wordsOf(next.tokens.join('')))));
      i += 1;
    } else found.push(...partsOf([run]));
  }
  return found;
}

/** The changes as one side sees them. */
export function sideOf(parts: readonly Part[], side: 'before' | 'after'): Part[] {
  return parts.filter(({ kind }) => kind !== (side === 'before' ? 'new' : 'gone'));
}

/** Two texts side by side, line by line; lines that took each other's place are compared by word. */
export function lineChanges(before: string, after: string): Row[] {
  const rows: Row[] = [];
  let [left, right] = [0, 0];
  const bare = (text: string): string[] => linesOf(text).map((line) => line.replace(/\r?\n$/, ''));
  const runs = runsOf(bare(before), bare(after));
  for (let i = 0; i < runs.length; i += 1) {
    const run = runs[i];
    if (run === undefined) continue;
    if (run.kind === 'same') {
      for (const line of run.tokens) {
        const parts: Part[] = [{ kind: 'same', text: line }];
        rows.push({ before: { number: (left += 1), parts }, after: { number: (right += 1), parts }, isSame: true });
      }
      continue;
    }
    const next = run.kind === 'gone' && runs[i + 1]?.kind === 'new' ? runs[(i += 1)] : undefined;
    const gone = run.kind === 'gone' ? run.tokens : [];
    const fresh = run.kind === 'new' ? run.tokens : (next?.tokens ?? []);
    for (let n = 0; n < Math.max(gone.length, fresh.length); n += 1) {
      const [old, young] = [gone[n], fresh[n]];
      const parts = wordChanges(old ?? '', young ?? '');
      rows.push({
        before: old === undefined ? null : { number: (left += 1), parts: sideOf(parts, 'before') },
        after: young === undefined ? null : { number: (right += 1), parts: sideOf(parts, 'after') },
        isSame: false,
      });
    }
  }
  return rows;
}

/** Rows in stretches: those near a change, and long stretches without one, which can be left out of sight. */
export function folded(rows: readonly Row[], context: number): { rows: Row[]; isFolded: boolean }[] {
  const isWhole = !Number.isFinite(context) || rows.every(({ isSame }) => isSame);
  const isNear = rows.map(() => isWhole);
  rows.forEach((row, i) => {
    if (!isWhole && !row.isSame) for (let n = Math.max(0, i - context); n <= Math.min(rows.length - 1, i + context); n += 1) isNear[n] = true;
  });
  const found: { rows: Row[]; isFolded: boolean }[] = [];
  rows.forEach((row, i) => {
    const isFolded = isNear[i] !== true;
    const last = found.at(-1);
    if (last?.isFolded === isFolded) last.rows.push(row);
    else found.push({ rows: [row], isFolded });
  });
  return found;
}
