/** A tool: what presses and keys on the image do, and what it draws while it is at work. */
import type { IconName } from '../../parts/icons';
import type { Colours } from '../colours.svelte';
import type { Point } from '../geometry';

export type ToolName = 'select' | 'pan' | 'box' | 'polygon' | 'magic' | 'hole' | 'brush' | 'eraser' | 'fill' | 'area' | 'outline' | 'keypoint';

/** How something is pressed. */
export interface How {
  /** Shift: in steps, or in proportion. */
  isStepped: boolean;
  /** Shift, Ctrl or the command key: besides what is chosen. */
  isAdded: boolean;
  /** Alt: nowhere else than where it is pressed. */
  isFree: boolean;
  isTouch: boolean;
}

export const PLAIN: How = { isStepped: false, isAdded: false, isFree: false, isTouch: false };

/** What is drawn with. */
export interface Pen {
  brush: CanvasRenderingContext2D;
  colours: Colours;
  /** The colour of the label that is being drawn with. */
  colour: string;
  /** How long one pixel of the screen is on the image. */
  pixel: number;
}

export interface Tool {
  readonly name: ToolName;
  readonly key: string;
  readonly icon: IconName;
  /** Whether something is begun that can be taken back with Escape. */
  readonly isBusy: boolean;
  press: (point: Point, how: How) => void;
  /** The pointer moved while it is pressed. */
  drag: (point: Point, how: How) => void;
  release: (point: Point, how: How) => void;
  /** Enter at the crosshair. */
  enter: (point: Point, how: How) => void;
  /** Takes the last step of what is begun back; says whether there was one. */
  back?: () => boolean;
  /** Completes what is begun. */
  finish?: () => void;
  cancel: () => void;
  draw?: (pen: Pen, at: Point | null) => void;
}
