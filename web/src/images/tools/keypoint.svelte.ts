/** Set the points of a body one after the other. */
import type { KeypointsQuestion, Option } from '../../api';
import { t } from '../../i18n';
import { inside, roundedPoint, type Point } from '../geometry';
import type { Marking } from '../marking.svelte';
import { drawTag } from '../marks';
import { HIDDEN, namesOf, VISIBLE, withPoint, type Body } from '../shapes/body';
import type { SelectTool } from './select.svelte';
import type { How, Pen, Tool } from './tool';

export class KeypointTool implements Tool {
  readonly name = 'keypoint';
  readonly key = 'k';
  readonly icon = 'keypoint';
  readonly isBusy = false;
  readonly #question: KeypointsQuestion;
  readonly #marking: Marking<Body>;
  readonly #select: SelectTool<Body>;
  /** Points that are not in the image, of the body that is being set. */
  #skipped = $state.raw<readonly string[]>([]);
  #isChanging = false;

  constructor(question: KeypointsQuestion, marking: Marking<Body>, select: SelectTool<Body>) {
    this.#question = question;
    this.#marking = marking;
    this.#select = select;
  }

  /** The point that is set next: of the chosen body as long as it lacks one, else the first of a new one. */
  get next(): Option | null {
    const { region } = this.#marking.regions;
    const all = this.#question.points;
    const open = all.find(({ value }) => !(value in (region?.points ?? {})) && !this.#skipped.includes(value));
    return open ?? all[0] ?? null;
  }

  press(point: Point, how: How): void {
    this.#isChanging = this.#select.pressGrip(point, how);
    if (!this.#isChanging) this.#set(point, how.isStepped ? HIDDEN : VISIBLE);
  }

  drag(point: Point, how: How): void {
    if (this.#isChanging) this.#select.drag(point, { ...how, isFree: true });
  }

  release(point: Point, how: How): void {
    if (this.#isChanging) this.#select.release(point, how);
    this.#isChanging = false;
  }

  enter(point: Point): void {
    this.#set(point, VISIBLE);
  }

  cancel(): void {
    if (this.#isChanging) this.#select.cancel();
    this.#isChanging = false;
    this.#skipped = [];
  }

  /** The next point is not in the image. */
  skip(): void {
    const { next } = this;
    if (next === null) return;
    this.#skipped = [...this.#skipped, next.value];
    this.#say(t('keypoints.skipped', { name: next.label }));
  }

  draw({ brush, colours, colour, pixel }: Pen, at: Point | null): void {
    const { next } = this;
    if (at !== null && next !== null && !this.#isChanging) drawTag(brush, next.label, [at[0] + 8 * pixel, at[1] - 4 * pixel], colour, colours.paper, pixel);
  }

  #set(point: Point, seen: number): void {
    const { regions, size } = this.#marking;
    const { region, chosen } = regions;
    const { next } = this;
    if (next === null || this.#marking.isLocked(chosen)) return;
    const at = [...roundedPoint(inside(point, size)), seen] as const;
    const isNew = region === null || next.value in region.points || this.#isWhole(region);
    if (isNew) {
      if (region !== null) this.#skipped = [];
      this.#marking.add({ points: { [next.value]: at } });
    } else regions.replace(chosen, withPoint(this.#question, region, next.value, at));
    if (regions.region !== null) regions.grow(this.#isWhole(regions.region));
    this.#say(t('keypoints.set', { name: next.label, place: this.#marking.placeName(point) }));
  }

  /** Whether nothing is left to set on a body. */
  #isWhole(body: Body): boolean {
    return this.#question.points.every(({ value }) => value in body.points || this.#skipped.includes(value));
  }

  #say(text: string): void {
    const { region } = this.#marking.regions;
    const isDone = region !== null && this.#isWhole(region);
    this.#marking.say(isDone ? t('keypoints.whole', { text, n: namesOf(this.#question, region).length }) : t('keypoints.next', { text, name: this.next?.label ?? '' }));
  }
}
