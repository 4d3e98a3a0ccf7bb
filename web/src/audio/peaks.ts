/** The outline of a sound: for each stretch of it the lowest and the highest sample, as the server has computed them. */
import { api } from '../api';

export interface Peaks {
  /** How long one bucket is. */
  bucketMs: number;
  /** Lowest and highest sample by turns, -127 to 127. */
  values: Int8Array;
}

/** The lowest and highest sample, -1 to 1, between two times. */
export function peakBetween({ bucketMs, values }: Peaks, fromMs: number, toMs: number): [number, number] {
  const last = values.length / 2 - 1;
  const first = Math.max(0, Math.min(last, Math.floor(fromMs / bucketMs)));
  const end = Math.max(first, Math.min(last, Math.ceil(toMs / bucketMs) - 1));
  let [low, high] = [127, -127];
  for (let i = first; i <= end; i += 1) {
    low = Math.min(low, values[2 * i] ?? 0);
    high = Math.max(high, values[2 * i + 1] ?? 0);
  }
  return low > high ? [0, 0] : [low / 127, high / 127];
}

export async function loadPeaks(vault: string, blob: string): Promise<Peaks> {
  const { bucket_ms: bucketMs, peaks } = await api.peaks(vault, blob);
  return { bucketMs, values: Int8Array.from(peaks) };
}
