/** Where values come to lie in a chart, and which of them are written at its axes. */

export interface Axis {
  min: number;
  max: number;
  /** How a value is written at the axis. */
  text: (value: number) => string;
  /** What the values are. */
  title: string;
}

export type Scale = (value: number) => number;

/** Where values come to lie in a chart that is drawn, and where its area ends. */
export interface Places {
  x: Scale;
  y: Scale;
  right: number;
  bottom: number;
}

/** From values between `min` and `max` to places between `from` and `to`; a single value lies in the middle. */
export function linear(min: number, max: number, from: number, to: number): Scale {
  if (max === min) return () => (from + to) / 2;
  return (value) => from + ((value - min) / (max - min)) * (to - from);
}

const NICE = [1, 2, 5, 10];

/** Round values between `min` and `max`, about `wanted` of them and never more than twice as many. */
export function ticks(min: number, max: number, wanted: number): number[] {
  const span = max - min;
  if (!(span > 0) || wanted < 1) return [min];
  const raw = span / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = (NICE.find((nice) => nice * power >= raw * 0.999) ?? 10) * power;
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_none, i) => Number(((first + i) * step).toPrecision(12)));
}
