/** How the person who is signed in likes the app: kept on the server, the same on every device. */
import type { Preferences } from '../api';

export interface PreferenceParts {
  put: (preferences: Preferences) => Promise<unknown>;
  /** Makes them felt. */
  apply: (preferences: Required<Preferences>) => Promise<void>;
}

const UNCHOSEN: Required<Preferences> = { language: null, key_map: 'goldsmith', own_keys: {} };

export class PreferenceChoice {
  current = $state.raw<Required<Preferences>>(UNCHOSEN);
  readonly #parts: PreferenceParts;

  constructor(parts: PreferenceParts) {
    this.#parts = parts;
  }

  /** Takes what the server keeps. */
  async take(preferences: Preferences): Promise<void> {
    this.current = { ...UNCHOSEN, ...preferences };
    await this.#parts.apply(this.current);
  }

  /** Changes some of them here and on the server; where the server refuses, nothing is changed. */
  async change(some: Partial<Preferences>): Promise<void> {
    const wanted = { ...this.current, ...some };
    await this.#parts.put(wanted);
    await this.take(wanted);
  }
}
