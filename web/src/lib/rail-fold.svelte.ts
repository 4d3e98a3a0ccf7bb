/** Whether the rail on the side is folded to icons; remembered on this device. */

const PLACE = 'goldsmith.rail';

function kept(): boolean {
  try {
    return localStorage.getItem(PLACE) === 'narrow';
  } catch {
    return false;
  }
}

class RailFold {
  isNarrow = $state(kept());

  toggle(): void {
    this.isNarrow = !this.isNarrow;
    try {
      localStorage.setItem(PLACE, this.isNarrow ? 'narrow' : 'wide');
    } catch {
      // Storage is switched off: it holds until the page is closed.
    }
  }
}

export const railFold = new RailFold();
