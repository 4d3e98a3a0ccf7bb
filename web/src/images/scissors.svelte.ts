/** Lines along the edges of what is seen of an image, found by a worker. */
import { trustedScript } from '../lib/trusted';
import { clamp, type Point, type Rect } from './geometry';
import { lineTo } from './livewire';
import type { Found, Request } from './livewire.worker';
import workerUrl from './livewire.worker?worker&url';
import type { Picture } from './picture.svelte';
import type { View } from './view.svelte';

/** More pixels than that are looked at smaller: finding lines takes a tenth of a second for these. */
const LONGEST = 640;

export class Scissors {
  readonly #picture: Picture;
  readonly #view: View;
  #worker: Worker | null = null;
  #part: Rect = { x: 0, y: 0, width: 1, height: 1 };
  #width = 1;
  #height = 1;
  #number = 0;
  #from = $state.raw<Int32Array | null>(null);

  constructor(picture: Picture, view: View) {
    this.#picture = picture;
    this.#view = view;
  }

  /** Looks for lines from a point of what is seen now. */
  begin(seed: Point): void {
    const [left, top] = this.#view.toImage([0, 0]);
    const [right, bottom] = this.#view.toImage([this.#view.frame.width, this.#view.frame.height]);
    const { width, height } = this.#picture.media;
    const [x, y] = [Math.min(clamp(left, 0, width - 1), seed[0]), Math.min(clamp(top, 0, height - 1), seed[1])];
    this.#part = { x, y, width: Math.max(1, Math.max(clamp(right, 0, width), seed[0]) - x), height: Math.max(1, Math.max(clamp(bottom, 0, height), seed[1]) - y) };
    const scale = Math.min(1, LONGEST / Math.max(this.#part.width, this.#part.height));
    [this.#width, this.#height] = [Math.max(3, Math.round(this.#part.width * scale)), Math.max(3, Math.round(this.#part.height * scale))];
    const { data } = this.#picture.pixels(this.#part, this.#width, this.#height);
    this.#ask({ pixels: data, width: this.#width, height: this.#height });
    this.#from = null;
    this.#number += 1;
    this.#ask({ seed: this.#placeOf(seed), number: this.#number });
  }

  /** The line from the seed; a straight one as long as none is found, or beyond what was seen. */
  lineTo(seed: Point, end: Point): Point[] {
    const { x, y, width, height } = this.#part;
    if (this.#from === null || end[0] < x || end[1] < y || end[0] > x + width || end[1] > y + height) return [seed, end];
    const inner = lineTo(this.#from, this.#placeOf(end)).slice(1, -1);
    const [stepX, stepY] = [width / this.#width, height / this.#height];
    return [seed, ...inner.map((i): Point => [x + ((i % this.#width) + 0.5) * stepX, y + (Math.floor(i / this.#width) + 0.5) * stepY]), end];
  }

  end(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#from = null;
  }

  #placeOf([px, py]: Point): number {
    const { x, y, width, height } = this.#part;
    const column = clamp(Math.floor(((px - x) / width) * this.#width), 0, this.#width - 1);
    const row = clamp(Math.floor(((py - y) / height) * this.#height), 0, this.#height - 1);
    return row * this.#width + column;
  }

  #ask(request: Request): void {
    if (this.#worker === null) {
      this.#worker = new Worker(trustedScript('goldsmith-scissors', workerUrl), { type: 'module' });
      this.#worker.onmessage = ({ data }: MessageEvent<Found>) => {
        if (data.number === this.#number) this.#from = data.from;
      };
    }
    this.#worker.postMessage(request);
  }
}
