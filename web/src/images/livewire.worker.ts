/** Finds lines along edges beside the page, so that it stays quick. */
import { edgeCosts, linesFrom } from './livewire';

/** A picture, or a seed in the last picture. */
export type Request = { pixels: Uint8ClampedArray; width: number; height: number } | { seed: number; number: number };
export interface Found {
  number: number;
  from: Int32Array;
}

let costs: Uint8Array = new Uint8Array();
let [width, height] = [0, 0];

self.onmessage = ({ data }: MessageEvent<Request>) => {
  if ('pixels' in data) {
    ({ width, height } = data);
    costs = edgeCosts(data.pixels, width, height);
    return;
  }
  const from = linesFrom(costs, width, height, data.seed);
  self.postMessage({ number: data.number, from } satisfies Found, { transfer: [from.buffer] });
};
