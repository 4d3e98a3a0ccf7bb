/** Move the image itself. The stage does that; the tool only says so. */
import type { Tool } from './tool';

export class PanTool implements Tool {
  readonly name = 'pan';
  readonly key = 'h';
  readonly icon = 'hand';
  readonly isBusy = false;
  readonly press = (): void => undefined;
  readonly drag = (): void => undefined;
  readonly release = (): void => undefined;
  readonly enter = (): void => undefined;
  readonly cancel = (): void => undefined;
}
