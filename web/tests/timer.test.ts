import { expect, test } from 'vitest';
import { ActiveTimer, IDLE_MS } from '../src/state/active-timer';

function started(atMs = 1000, alreadyMs = 0): ActiveTimer {
  const timer = new ActiveTimer();
  timer.start(atMs, alreadyMs);
  return timer;
}

test('time counts while somebody works', () => {
  const timer = started();
  timer.sign(6000);
  expect(timer.elapsed(11_000)).toBe(10_000);
});

test('time stands still 30 seconds after the last sign of life', () => {
  const timer = started(0);
  timer.sign(10_000);
  expect(timer.elapsed(10_000 + IDLE_MS)).toBe(40_000);
  expect(timer.elapsed(3_600_000)).toBe(40_000);
});

test('after a break without a sign only what comes then counts', () => {
  const timer = started(0);
  timer.sign(600_000);
  expect(timer.elapsed(605_000)).toBe(IDLE_MS + 5_000);
});

test('a hidden page counts nothing', () => {
  const timer = started(0);
  timer.pause(5_000);
  timer.sign(20_000);
  expect(timer.elapsed(60_000)).toBe(5_000);
  timer.resume(60_000);
  expect(timer.elapsed(62_000)).toBe(7_000);
});

test('pausing and resuming twice changes nothing', () => {
  const timer = started(0);
  timer.pause(1_000);
  timer.pause(2_000);
  timer.resume(10_000);
  timer.resume(11_000);
  expect(timer.elapsed(12_000)).toBe(3_000);
});

test('a restored draft goes on where it stopped', () => {
  expect(started(500, 7_000).elapsed(1_500)).toBe(8_000);
});

test('time never runs backwards', () => {
  const timer = started(10_000);
  expect(timer.elapsed(9_000)).toBe(0);
});
