/** What a comment is about inside an item: a question, and the region of its answer that is meant. */
import type { Anchor, Payload, Question } from '../api';
import { CodePoints } from '../lib/code-points';
import { isSame } from '../lib/same';
import type { Work } from '../state/work.svelte';
import { Regions } from './regions.svelte';
import { labelOf, textOf } from './texts';

interface Marked {
  label: string;
}

/** What widgets of marking questions share: of regions their list, of spans and relations the one that is chosen. */
interface Chooser {
  readonly region?: Marked | null;
  chosen?: unknown;
}

const MOST = 3_000;
const MOST_LISTED = 100;
const MOST_SHOWN = 40;

/** What stands in a region beside its place: what is said about it, and the digest that the server adds. */
const SAID_BESIDE: ReadonlySet<string> = new Set(['attributes', 'hash']);

const isMarked = (value: unknown): value is Marked => typeof value === 'object' && value !== null && 'label' in value && typeof value.label === 'string';

const chooserOf = (work: Work, name: string): Chooser | undefined => work.sharedSoFar(name);

/** The region that is chosen in the active question, as a comment can be about it. */
export function chosenAnchor(work: Work): Anchor | null {
  const question = work.activeQuestion;
  if (question === undefined || !('labels' in question)) return null;
  const chooser = chooserOf(work, question.name);
  const region = chooser?.region ?? chooser?.chosen;
  return isMarked(region) ? { question: question.name, region: shortened(region) } : null;
}

/** A region as it is named to the server: of lists that are too long, such as those of a mask, how they begin. */
function shortened(region: Marked): NonNullable<Anchor['region']> {
  const whole = Object.fromEntries(Object.entries(region).filter(([name]) => !SAID_BESIDE.has(name)));
  if (JSON.stringify(whole).length <= MOST) return whole;
  const cut = Object.entries(whole).map(([name, value]) => [name, Array.isArray(value) ? value.slice(0, MOST_LISTED) : value] as const);
  return Object.fromEntries(JSON.stringify(cut).length <= MOST ? cut : cut.filter(([, value]) => typeof value !== 'object'));
}

/** Whether a region is the one that was named, whatever is said about it by now. */
const isNamed = (region: unknown, named: unknown): boolean => isMarked(region) && isMarked(named) && isSame(shortened(region), shortened(named));

/** Chooses the region that a comment is about, where the answer still has it; says whether it has. */
export function chooseAnchor(work: Work, { question: name, region }: Anchor): boolean {
  const question = work.questions.find((one) => one.name === name);
  if (question === undefined || !work.isAsked(question)) return false;
  work.activate(question);
  const answer = work.answers[name];
  const i = Array.isArray(answer) ? (answer as unknown[]).findIndex((one) => isNamed(one, region)) : -1;
  const chooser = chooserOf(work, name);
  if (i < 0 || chooser === undefined) return false;
  if (chooser instanceof Regions) chooser.choose(i);
  else chooser.chosen = (answer as unknown[])[i];
  return true;
}

/** What a comment is about, in words: the question, and of the region its label and the words that it marks. */
export function anchorName({ question: name, region }: Anchor, questions: readonly Question[], payload: Payload): string {
  const question = questions.find((one) => one.name === name);
  const asked = question?.label ?? name;
  if (!isMarked(region)) return asked;
  const label = question !== undefined && 'labels' in question ? labelOf(question.labels, region.label) : region.label;
  const words = question?.type === 'spans' ? wordsOf(region, payload[question.field]) : '';
  return [asked, words === '' ? label : `${label} “${words}”`].join(' · ');
}

function wordsOf(region: object, value: unknown): string {
  const { start, end } = region as { start?: unknown; end?: unknown };
  if (typeof start !== 'number' || typeof end !== 'number') return '';
  const words = new CodePoints(textOf(value)).slice(start, end);
  return words.length <= MOST_SHOWN ? words : `${words.slice(0, MOST_SHOWN - 1)}…`;
}
