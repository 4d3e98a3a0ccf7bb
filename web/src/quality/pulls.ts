/** What may be said of the pull of suggestions: only what its interval allows. */
import type { PullRow } from '../api';

export type Pull = 'towards' | 'away' | 'unclear' | 'unmeasured';

export function pullOf({ pull, low, high }: Pick<PullRow, 'pull' | 'low' | 'high'>): Pull {
  if (pull === null) return 'unmeasured';
  if (low !== null && low > 0) return 'towards';
  if (high !== null && high < 0) return 'away';
  return 'unclear';
}
