/** How an image lies on the screen: its place and size, and how bright it is shown. */
import { clamp, type Point, type Size } from './geometry';

const MOST = 64;
const FIT_MARGIN = 0.98;

export class View {
  readonly image: Size;
  /** The size of the frame that the image is seen through, in screen pixels. */
  frame = $state.raw<Size>({ width: 1, height: 1 });
  /** Screen pixels for each pixel of the image. */
  scale = $state(1);
  /** Where the image's top left corner is in the frame. */
  x = $state(0);
  y = $state(0);
  /** In percent. */
  brightness = $state(100);
  contrast = $state(100);
  hasLoupe = $state(false);
  #isFitted = true;

  constructor(image: Size) {
    this.image = image;
  }

  get fitting(): number {
    return FIT_MARGIN * Math.min(this.frame.width / this.image.width, this.frame.height / this.image.height);
  }

  get isFitted(): boolean {
    return Math.abs(this.scale / this.fitting - 1) < 0.001;
  }

  toImage([x, y]: Point): Point {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }

  toScreen([x, y]: Point): Point {
    return [x * this.scale + this.x, y * this.scale + this.y];
  }

  /** The frame has a new size: what was fitted stays so, what was in the middle stays there. */
  resize(frame: Size): void {
    if (frame.width === this.frame.width && frame.height === this.frame.height) return;
    const centre = this.toImage([this.frame.width / 2, this.frame.height / 2]);
    this.frame = frame;
    if (this.#isFitted) this.fit();
    else this.#centre(centre);
  }

  fit(): void {
    this.scale = this.fitting;
    this.#centre([this.image.width / 2, this.image.height / 2]);
    this.#isFitted = true;
  }

  /** One pixel of the image for each of the screen, or the whole image when it is seen like that already. */
  toggleFit(): void {
    if (this.isFitted) this.zoom(1 / this.scale);
    else this.fit();
  }

  /** Makes the image larger by `factor`; what is at `at` (the middle of the frame) stays there. */
  zoom(factor: number, at: Point = [this.frame.width / 2, this.frame.height / 2]): void {
    const scale = clamp(this.scale * factor, this.fitting / 2, Math.max(MOST, this.fitting));
    const [x, y] = this.toImage(at);
    this.scale = scale;
    this.#moveTo(at[0] - x * scale, at[1] - y * scale);
    this.#isFitted = false;
  }

  pan(dx: number, dy: number): void {
    this.#moveTo(this.x + dx, this.y + dy);
    this.#isFitted = false;
  }

  /** Moves the image as little as needed to see `point` with some room around. */
  reveal(point: Point): void {
    const [x, y] = this.toScreen(point);
    const [roomX, roomY] = [Math.min(40, this.frame.width / 4), Math.min(40, this.frame.height / 4)];
    const dx = clamp(x, roomX, this.frame.width - roomX) - x;
    const dy = clamp(y, roomY, this.frame.height - roomY) - y;
    if ((dx !== 0 || dy !== 0) && !this.isFitted) this.pan(dx, dy);
  }

  #centre([x, y]: Point): void {
    this.#moveTo(this.frame.width / 2 - x * this.scale, this.frame.height / 2 - y * this.scale);
  }

  /** Some of the image always stays in the frame. */
  #moveTo(x: number, y: number): void {
    const room = Math.min(80, this.frame.width / 4, this.frame.height / 4);
    this.x = clamp(x, room - this.image.width * this.scale, this.frame.width - room);
    this.y = clamp(y, room - this.image.height * this.scale, this.frame.height - room);
  }
}
