/** In which order annotators are listed, and what besides the verdict is to be said of them. */
import type { Skill } from '../api';

export type SkillOrder = 'verdict' | 'accuracy' | 'answers' | 'gold' | 'spammer' | 'speed';

const UNKNOWN = Number.POSITIVE_INFINITY;

/** What a row is ordered by; lower comes first, and what nobody knows last. */
function place(row: Skill, order: SkillOrder): number {
  switch (order) {
    case 'verdict':
      return row.is_warning ? -1 : (row.low ?? UNKNOWN);
    case 'accuracy':
      return row.accuracy ?? UNKNOWN;
    case 'answers':
      return row.n_answers;
    case 'gold':
      return row.n_gold;
    case 'spammer':
      return row.spammer_score ?? UNKNOWN;
    case 'speed':
      return row.median_s ?? UNKNOWN;
  }
}

/** The rows in this order; what is unknown stays last either way. */
export function ordered(rows: readonly Skill[], order: SkillOrder, isDown: boolean): Skill[] {
  const turn = isDown ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [x, y] = [place(a, order), place(b, order)];
    if (x === y) return b.n_answers - a.n_answers;
    if (x === UNKNOWN || y === UNKNOWN) return x === UNKNOWN ? 1 : -1;
    return (x - y) * turn;
  });
}
