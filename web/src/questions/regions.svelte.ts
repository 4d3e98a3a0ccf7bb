/** The regions that an answer consists of, while they are made: which one is chosen, and what is asked about each. */
import type { Answers, AttributeQuestion, Option } from '../api';
import type { Sheet } from './kind';
import { askedOf } from './attributes';
import { PartSheet } from './part-sheet';
import { isSame } from '../lib/same';

export interface Region {
  label: string;
  attributes?: Answers;
}

interface RegionsQuestion {
  name: string;
  labels: readonly Option[];
  attributes?: readonly AttributeQuestion[];
}

/** A region with other answers to some of what is asked about it. */
function withAttributes<R extends Region>(region: R, names: ReadonlySet<string>, given: Answers): R {
  const kept = Object.entries(region.attributes ?? {}).filter(([name]) => !names.has(name));
  const answered = Object.entries(given).filter(([name]) => names.has(name));
  const changed = { ...region, attributes: Object.fromEntries([...kept, ...answered]) };
  if (kept.length + answered.length === 0) delete (changed as Region).attributes;
  return changed;
}

export class Regions<R extends Region> {
  readonly question: RegionsQuestion;
  readonly sheet: Sheet;
  /** The label that the next region gets. */
  label = $state('');
  #chosen = $state.raw<readonly number[]>([]);
  #isJustMade = $state(false);

  constructor(question: RegionsQuestion, sheet: Sheet) {
    this.question = question;
    this.sheet = sheet;
    this.label = question.labels[0]?.value ?? '';
  }

  /** The regions in the order in which they were made. */
  get list(): readonly R[] {
    const answer = this.sheet.answers[this.question.name];
    return Array.isArray(answer) ? (answer as R[]) : [];
  }

  /** Whether it was said that there is nothing to mark. */
  get isNothing(): boolean {
    return Array.isArray(this.sheet.answers[this.question.name]) && this.list.length === 0;
  }

  /** The places of the regions that are chosen; those that an undo took away are not among them. */
  get chosenAll(): readonly number[] {
    return this.#chosen.filter((i) => i < this.list.length);
  }

  /** The place of the one region that is chosen, or -1. */
  get chosen(): number {
    return this.chosenAll.length === 1 ? (this.chosenAll[0] ?? -1) : -1;
  }

  get region(): R | null {
    return this.list[this.chosen] ?? null;
  }

  /** Whether a region is chosen only because it was just made: a label is then for the next one. */
  get isJustMade(): boolean {
    return this.#isJustMade && this.chosen >= 0;
  }

  /** Says whether the chosen region, which grows point by point, is made to its end. */
  grow(isWhole: boolean): void {
    this.#isJustMade = isWhole;
  }

  /** A label was named: the regions that somebody chose get it, else the next one; says whether some got it. */
  take(label: string): boolean {
    this.label = label;
    if (this.isJustMade) this.choose(-1);
    if (this.chosenAll.length === 0) return false;
    this.relabel(label);
    return true;
  }

  choose(i: number, isAdded = false): void {
    this.#isJustMade = false;
    if (i < 0) this.#chosen = [];
    else if (!isAdded) this.#chosen = [i];
    else this.#chosen = this.#chosen.includes(i) ? this.#chosen.filter((other) => other !== i) : [...this.#chosen, i];
  }

  chooseThese(places: readonly number[]): void {
    this.#isJustMade = false;
    this.#chosen = places;
  }

  chooseAll(): void {
    this.chooseThese(this.list.map((_region, i) => i));
  }

  /** Chooses all regions with the labels of those that are chosen, or else with the label for the next one; says how many. */
  chooseAlike(): number {
    const labels = new Set(this.chosenAll.map((i) => this.list[i]?.label));
    if (labels.size === 0) labels.add(this.label);
    this.chooseThese(this.list.flatMap((region, i) => (labels.has(region.label) ? [i] : [])));
    return this.chosenAll.length;
  }

  /** Chooses the regions from the one that was chosen last to this one besides those that are chosen. */
  chooseTo(i: number): void {
    const last = this.chosenAll.at(-1) ?? i;
    const between = Array.from({ length: Math.abs(i - last) + 1 }, (_, step) => last + Math.sign(i - last) * step);
    this.chooseThese([...new Set([...this.chosenAll, ...between])]);
  }

  /** Chooses the region after (1) or before (-1) the chosen one, round the end; the first one back is what was just made. */
  step(direction: 1 | -1): void {
    const { length } = this.list;
    if (length === 0) return;
    if (direction < 0 && this.isJustMade) {
      this.choose(this.chosen);
      return;
    }
    const from = this.chosen < 0 && direction < 0 ? 0 : this.chosen;
    this.choose((from + direction + length) % length);
  }

  add(region: R): void {
    this.#write([...this.list, region]);
    this.choose(this.list.length - 1);
    this.#isJustMade = true;
  }

  /** Adds several in one step, and chooses them. */
  addAll(regions: readonly R[]): void {
    const first = this.list.length;
    this.#write([...this.list, ...regions]);
    this.chooseThese(regions.map((_region, i) => first + i));
  }

  /** Changes one region; changes of one `step` in a row are undone together. */
  replace(i: number, region: R, step?: string): void {
    this.replaceAll(new Map([[i, region]]), step);
  }

  replaceAll(changed: ReadonlyMap<number, R>, step?: string): void {
    this.#write(this.list.map((other, at) => changed.get(at) ?? other), step);
  }

  /** Gives the chosen regions another label; what is asked about them may then be another thing. */
  relabel(label: string): void {
    const chosen = new Set(this.chosenAll);
    this.#write(this.list.map((region, i) => (chosen.has(i) ? { ...region, label } : region)));
  }

  /** Takes the chosen regions away; says how many. */
  removeChosen(): number {
    const chosen = new Set(this.chosenAll);
    if (chosen.size > 0) this.remove(chosen);
    return chosen.size;
  }

  remove(places: ReadonlySet<number>): void {
    this.#write(this.list.filter((_region, i) => !places.has(i)));
    this.#chosen = [];
  }

  /** Says that there is nothing to mark, or takes that back. */
  setNothing(): void {
    this.sheet.answer(this.question.name, this.isNothing ? undefined : []);
    this.#chosen = [];
  }

  /** What is asked about every one of these regions. */
  askedOfAll(places: readonly number[]): AttributeQuestion[] {
    const asked = this.#at(places).map(({ label, attributes = {} }) => new Set(askedOf(this.question.attributes ?? [], attributes, { label })));
    return (this.question.attributes ?? []).filter((question) => asked.length > 0 && asked.every((some) => some.has(question)));
  }

  /** What these regions say that is not the same in all of them, by the names of the questions. */
  mixed(places: readonly number[]): ReadonlySet<string> {
    const said = this.#at(places).flatMap(({ attributes = {} }) => Object.keys(attributes));
    const common = this.#common(places);
    return new Set(said.filter((name) => common[name] === undefined));
  }

  /** What is asked about several regions at once: it says what all say, and what is answered goes to all, in one step. */
  sheetOfAll(places: readonly number[]): Sheet {
    const common = $derived(this.#common(places));
    return new PartSheet({
      payload: () => this.sheet.payload,
      read: () => common,
      write: (attributes = {}, step) => {
        const before = common;
        const names = new Set([...Object.keys(before), ...Object.keys(attributes)].filter((name) => before[name] !== attributes[name]));
        const changed = new Map<number, R>();
        for (const i of places) {
          const region = this.list[i];
          if (region !== undefined) changed.set(i, withAttributes(region, names, attributes));
        }
        this.replaceAll(changed, step === undefined ? undefined : `${places.join()}.${step}`);
      },
    });
  }

  #at(places: readonly number[]): R[] {
    return places.flatMap((i) => this.list[i] ?? []);
  }

  /** What all of these regions say alike. */
  #common(places: readonly number[]): Answers {
    const [first, ...others] = this.#at(places);
    const said = Object.entries(first?.attributes ?? {});
    return Object.fromEntries(said.filter(([name, value]) => others.every(({ attributes }) => isSame(attributes?.[name], value))));
  }

  /** What is asked about one region is answered here. */
  sheetOf(i: number): Sheet {
    return new PartSheet({
      payload: () => this.sheet.payload,
      read: () => this.list[i]?.attributes,
      write: (attributes, step) => {
        const region = this.list[i];
        if (region === undefined) return;
        const changed = { ...region };
        if (attributes === undefined) delete changed.attributes;
        else changed.attributes = attributes;
        this.replace(i, changed, step === undefined ? undefined : `${String(i)}.${step}`);
      },
    });
  }

  #write(list: readonly R[], step?: string): void {
    this.sheet.answer(this.question.name, list, step);
  }
}

/** The state of a question's regions, shared by its widget and its editor. */
export function regionsOf<R extends Region>(sheet: Sheet, question: RegionsQuestion): Regions<R> {
  return sheet.shared(question.name, () => new Regions<R>(question, sheet));
}
