/**
 * The cheapest line along edges: from a seed to every pixel of a picture.
 *
 * Source: E. Mortensen and W. Barrett, "Intelligent scissors for image composition", 1995: Dijkstra's algorithm over the
 * pixels, where a step costs less the stronger the edge is. Departure: the cost is the gradient's strength alone.
 */

const MOST = 255;
/** What a step costs even along the strongest edge, so that lines stay short. */
const STEP = 6;

/** For each pixel what a step onto it costs, from 1 (a strong edge) to 255. */
export function edgeCosts(pixels: ArrayLike<number>, width: number, height: number): Uint8Array {
  const grey = new Float32Array(width * height);
  for (let i = 0; i < grey.length; i += 1) grey[i] = 0.299 * (pixels[4 * i] ?? 0) + 0.587 * (pixels[4 * i + 1] ?? 0) + 0.114 * (pixels[4 * i + 2] ?? 0);
  const strength = new Float32Array(grey.length);
  let most = 1;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const i = y * width + x;
      const at = (dx: number, dy: number): number => grey[i + dy * width + dx] ?? 0;
      const gx = at(1, -1) + 2 * at(1, 0) + at(1, 1) - at(-1, -1) - 2 * at(-1, 0) - at(-1, 1);
      const gy = at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1);
      const value = Math.hypot(gx, gy);
      strength[i] = value;
      most = Math.max(most, value);
    }
  }
  return Uint8Array.from(strength, (value) => Math.max(1, Math.round(MOST * (1 - Math.min(1, (2 * value) / most)))));
}

const NEIGHBOURS = [
  [1, 0, 10],
  [-1, 0, 10],
  [0, 1, 10],
  [0, -1, 10],
  [1, 1, 14],
  [1, -1, 14],
  [-1, 1, 14],
  [-1, -1, 14],
] as const;
const LARGEST_STEP = 14 * (MOST + STEP);

/** From which pixel the cheapest line from the seed reaches each pixel; -1 at the seed. */
export function linesFrom(costs: Uint8Array, width: number, height: number, seed: number): Int32Array {
  const from = new Int32Array(costs.length).fill(-1);
  const cost = new Float64Array(costs.length).fill(Infinity);
  // Costs are whole numbers and grow by no more than the largest step: buckets in a ring take the place of a heap.
  const buckets: number[][] = Array.from({ length: LARGEST_STEP + 1 }, () => []);
  cost[seed] = 0;
  buckets[0]?.push(seed);
  let waiting = 1;
  for (let now = 0; waiting > 0; now += 1) {
    const bucket = buckets[now % buckets.length] ?? [];
    while (bucket.length > 0) {
      const i = bucket.pop() ?? seed;
      waiting -= 1;
      if (cost[i] !== now) continue;
      const [x, y] = [i % width, Math.floor(i / width)];
      for (const [dx, dy, length] of NEIGHBOURS) {
        const [u, v] = [x + dx, y + dy];
        if (u < 0 || v < 0 || u >= width || v >= height) continue;
        const next = v * width + u;
        const price = now + length * ((costs[next] ?? MOST) + STEP);
        if (price >= (cost[next] ?? 0)) continue;
        cost[next] = price;
        from[next] = i;
        buckets[price % buckets.length]?.push(next);
        waiting += 1;
      }
    }
  }
  return from;
}

/** The pixels from the seed to `end`. */
export function lineTo(from: Int32Array, end: number): number[] {
  const line: number[] = [];
  for (let i = end; i >= 0; i = from[i] ?? -1) line.push(i);
  return line.reverse();
}
