/** How two texts differ, word by word: what is the same, what was taken out, what was put in. */

export interface Piece {
  kind: 'same' | 'out' | 'in';
  text: string;
}

const TOKENS = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[\p{L}\p{N}\p{M}_]+|\s+|./gsu;
/** Texts that differ in more places than these are shown as replaced: nobody reads so many small changes. */
const MOST_EDITS = 1_500;

/**
 * The pieces of both texts in order.
 *
 * Source: Myers (1986), "An O(ND) difference algorithm and its variations", the greedy algorithm of section 4.
 */
export function wordDiff(before: string, after: string): Piece[] {
  if (before === after) return before === '' ? [] : [{ kind: 'same', text: before }];
  const [a, b] = [before.match(TOKENS) ?? [], after.match(TOKENS) ?? []];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const [middleA, middleB] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const pieces: Piece[] = [{ kind: 'same', text: a.slice(0, start).join('') }];
  pieces.push(...(edits(middleA, middleB) ?? [{ kind: 'out' as const, text: middleA.join('') }, { kind: 'in' as const, text: middleB.join('') }]));
  pieces.push({ kind: 'same', text: a.slice(a.length - end).join('') });
  return joined(pieces);
}

/** The shortest list of edits, token by token; null where it is too long. */
function edits(a: readonly string[], b: readonly string[]): Piece[] | null {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const reached = new Map<number, number>([[1, 0]]);
  const trail: Map<number, number>[] = [];
  for (let d = 0; d <= most; d += 1) {
    trail.push(new Map([...reached].filter(([k]) => Math.abs(k) <= d + 1)));
    for (let k = -d; k <= d; k += 2) {
      let x = cameDown(reached, k, d) ? (reached.get(k + 1) ?? 0) : (reached.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reached.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkedBack(a, b, trail, d);
    }
  }
  return null;
}

/** Whether the furthest path to diagonal `k` puts something in, and does not take something out. */
const cameDown = (reached: ReadonlyMap<number, number>, k: number, d: number): boolean =>
  k === -d || (k !== d && (reached.get(k - 1) ?? -1) < (reached.get(k + 1) ?? -1));

function walkedBack(a: readonly string[], b: readonly string[], trail: readonly Map<number, number>[], nEdits: number): Piece[] {
  const found: Piece[] = [];
  let [x, y] = [a.length, b.length];
  for (let d = nEdits; d >= 0; d -= 1) {
    const reached = trail[d] ?? new Map<number, number>();
    const k = x - y;
    const isIn = cameDown(reached, k, d);
    const fromK = isIn ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : (reached.get(fromK) ?? 0);
    const fromY = d === 0 ? 0 : fromX - fromK;
    while (x > fromX && y > fromY && (d === 0 || x - 1 >= (isIn ? fromX : fromX + 1))) {
      found.push({ kind: 'same', text: a[x - 1] ?? '' });
      x -= 1;
      y -= 1;
    }
    if (d === 0) break;
    found.push(isIn ? { kind: 'in', text: b[y - 1] ?? '' } : { kind: 'out', text: a[x - 1] ?? '' });
    [x, y] = [fromX, fromY];
  }
  return found.reverse();
}

/** Neighbours of one kind as one piece, what was taken out before what was put in. */
function joined(pieces: readonly Piece[]): Piece[] {
  const found: Piece[] = [];
  let [out, put] = ['', ''];
  const flush = (): void => {
    if (out !== '') found.push({ kind: 'out', text: out });
    if (put !== '') found.push({ kind: 'in', text: put });
    [out, put] = ['', ''];
  };
  for (const { kind, text } of pieces) {
    if (text === '') continue;
    if (kind === 'out') out += text;
    else if (kind === 'in') put += text;
    else {
      flush();
      const last = found.at(-1);
      if (last?.kind === 'same') last.text += text;
      else found.push({ kind, text });
    }
  }
  flush();
  return found;
}
