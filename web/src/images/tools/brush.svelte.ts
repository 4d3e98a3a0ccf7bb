/** Paint pixels, or take them away, with a round brush; one stroke is one step. */
import { distance, type Point } from '../geometry';
import type { Painting } from '../painting.svelte';
import { combined, strokeRuns } from '../runs';
import type { Pen, Tool } from './tool';

export class BrushTool implements Tool {
  readonly name: 'brush' | 'eraser';
  readonly key: string;
  readonly icon: 'brush' | 'eraser';
  readonly #painting: Painting;
  #stroke = $state.raw<readonly Point[]>([]);

  constructor(painting: Painting, isEraser = false) {
    this.#painting = painting;
    this.name = isEraser ? 'eraser' : 'brush';
    this.icon = this.name;
    this.key = isEraser ? 'e' : 'b';
  }

  get isBusy(): boolean {
    return this.#stroke.length > 0;
  }

  press(point: Point): void {
    this.#stroke = [point];
  }

  drag(point: Point): void {
    const last = this.#stroke.at(-1);
    if (last !== undefined && distance(last, point) >= Math.max(0.5, this.#painting.size / 12)) this.#stroke = [...this.#stroke, point];
  }

  release(point: Point): void {
    if (!this.isBusy) return;
    this.#apply([...this.#stroke, point]);
    this.#stroke = [];
  }

  enter(point: Point): void {
    this.#apply([point]);
  }

  cancel(): void {
    this.#stroke = [];
  }

  draw({ brush, colours, colour, pixel }: Pen, at: Point | null): void {
    const { size } = this.#painting;
    if (this.isBusy) {
      brush.save();
      brush.globalAlpha = 0.6;
      brush.strokeStyle = this.name === 'eraser' ? colours.paper : colour;
      brush.lineWidth = size;
      [brush.lineCap, brush.lineJoin] = ['round', 'round'];
      brush.beginPath();
      for (const [x, y] of [...this.#stroke, ...this.#stroke.slice(-1)]) brush.lineTo(x, y);
      brush.stroke();
      brush.restore();
    }
    if (at === null) return;
    for (const [stroke, width] of [
      [colours.paper, 3],
      [this.name === 'eraser' ? colours.ink : colour, 1.5],
    ] as const) {
      brush.beginPath();
      brush.arc(at[0], at[1], size / 2, 0, 2 * Math.PI);
      brush.strokeStyle = stroke;
      brush.lineWidth = width * pixel;
      brush.stroke();
    }
  }

  #apply(stroke: readonly Point[]): void {
    const { size, marking } = this.#painting;
    let runs: number[] = [];
    for (const [i, point] of stroke.entries()) runs = combined(runs, strokeRuns(stroke[i - 1] ?? point, point, size / 2, marking.size));
    if (this.name === 'eraser') this.#painting.takeAway(runs);
    else this.#painting.add(runs);
  }
}
