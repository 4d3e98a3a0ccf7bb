/** What a plan says, in whole sentences. */
import type { Measure, Plan, Spending, SpendingPoint } from '../api';
import { t } from '../i18n';
import { money, number, shareWithin, percent, shortDay } from '../lib/format';
import { readPlan, type Reading } from './plans';

interface Asked {
  /** As it was written: money, or answers where there is no price. */
  amount: number;
  nMore: number;
  reading: Reading;
  spending: Spending;
}

/** What a budget brings: "With €500.00 (10,000 more answers): 94.1% (93.2–94.9%)". */
export function reached({ amount, nMore, reading, spending }: Asked): string {
  const share = shareWithin(reading.accuracy, reading.low, reading.high);
  const values = { n: number(nMore), share, last: number(reading.nAnswers) };
  if (reading.reach === 'beyond') return t('quality.beyond', values);
  if (spending.price_micros === null) return t('quality.withMore', values);
  return t('quality.withMoney', { ...values, money: money(Math.round(amount * 1_000_000), spending.currency) });
}

/** What an earlier plan foretold for the answers that have come since, and what they brought. */
export function foretold(earlier: Plan, points: readonly SpendingPoint[], audit: Measure): string {
  const now = points.at(-1);
  const reading = now === undefined ? null : readPlan(earlier, now.n_answers);
  if (now === undefined || reading === null) return '';
  const said = t('quality.foretold', { day: shortDay(earlier.at), n: number(reading.nAnswers), share: shareWithin(reading.accuracy, reading.low, reading.high) });
  const came = t('quality.came', { n: number(now.n_answers), share: now.expected_accuracy === null ? t('quality.unknown') : percent(now.expected_accuracy, 1) });
  const audited = audit.value === null ? t('quality.noAudit') : t('quality.audited', { share: shareWithin(audit.value, audit.low, audit.high) });
  return `${said} ${came} ${audited}`;
}
