/** Coordinates as the server checks them: in whole hundredths of a pixel, so that both come to one verdict. */
import type { Payload } from '../api';
import { t } from '../i18n';
import { shown } from '../questions/texts';
import type { Size } from './geometry';

export const HUNDRED = 100;
const FARTHEST = 1e9;

/** The size of an item's image. */
export function sizeIn(payload: Payload, field: string): Size | null {
  const { width, height } = (payload[field] ?? {}) as Partial<Size>;
  const fits = (length: unknown): length is number => Number.isInteger(length) && (length as number) > 0;
  return fits(width) && fits(height) ? { width, height } : null;
}

export const NOWHERE: Size = { width: 0, height: 0 };

/** A coordinate in hundredths, halves upwards; null for what is no place. */
export function hundredths(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || Math.abs(value) > FARTHEST) return null;
  return Math.floor(value * HUNDRED + 0.5) + 0;
}

export const plain = (value: number): number => value / HUNDRED;

export const noPlace = (value: unknown): { fault: string } => ({ fault: t('fault.imagePlace', { value: shown(value) }) });

export const outside = (value: unknown, { width, height }: Size): { fault: string } => ({ fault: t('fault.outsideImage', { value: shown(value), width, height }) });
