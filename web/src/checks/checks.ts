/** What somebody sees of their checks: the items with a known answer that they answered otherwise, and the contests. */
import type { Contest, GoldFeedback } from '../api';

export interface Check {
  item: string;
  title: string;
  answeredAt: number;
  note: string;
  /** What was said and what is known, question by question. */
  answers: { question: string; yours: unknown; known: unknown }[];
  /** Whether the known answer measures nobody just now. */
  isContested: boolean;
  /** The newest contest of one's own. */
  contest: Contest | null;
}

export interface Checks {
  rows: Check[];
  /** Contests of one's own about items where nothing known differs from what one answered (any more). */
  others: Contest[];
}

/** Items in the order of the answers, newest first, each with the newest contest of whoever looks. */
export function checksOf(feedback: readonly GoldFeedback[], contests: readonly Contest[]): Checks {
  const own = new Map<string, Contest>();
  for (const contest of contests) if (contest.is_yours && !own.has(contest.item_id)) own.set(contest.item_id, contest);
  const rows = new Map<string, Check>();
  for (const row of feedback) {
    const found = rows.get(row.item_id);
    const answer = { question: row.question, yours: row.yours, known: row.known };
    if (found !== undefined) {
      found.answers.push(answer);
      found.isContested ||= row.is_contested;
    } else {
      const { item_id: item, title, note, is_contested: isContested, answered_at: answeredAt } = row;
      rows.set(item, { item, title, answeredAt, note, answers: [answer], isContested, contest: own.get(item) ?? null });
    }
  }
  return { rows: [...rows.values()], others: [...own.values()].filter(({ item_id }) => !rows.has(item_id)) };
}

/** Whether a known answer can be contested: not while a contest is open, nor again after it was upheld. */
export const isContestable = (check: Check): boolean => !check.isContested && check.contest?.state !== 'upheld';
