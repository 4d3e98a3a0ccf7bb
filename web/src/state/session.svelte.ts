/** Who is signed in. */
import { Problem, Unreachable, type Engagement, type Me, type Role } from '../api';

export type SessionState = 'unknown' | 'signed-out' | 'signed-in' | 'expired' | 'unreachable';

export interface SessionParts {
  me: () => Promise<Me>;
  signInByLink: (token: string) => Promise<Me>;
  signInByPassword: (email: string, password: string) => Promise<Me>;
  signOut: () => Promise<unknown>;
  onSignedIn: (me: Me) => Promise<void>;
  onSignedOut: () => void;
}

const STEERING: readonly Role[] = ['owner', 'manager'];
const REVIEWING: readonly Role[] = ['owner', 'manager', 'reviewer'];
const OVERSEEING: readonly Role[] = ['owner', 'manager', 'auditor'];
const ANSWERING: readonly Role[] = ['owner', 'manager', 'reviewer', 'annotator'];

export class Session {
  state = $state<SessionState>('unknown');
  me = $state.raw<Me | null>(null);
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  /** Asks the server who is signed in. */
  async load(): Promise<void> {
    try {
      await this.#enter(await this.#parts.me());
    } catch (error) {
      if (error instanceof Unreachable || (error instanceof Problem && error.isPassing)) {
        if (this.me === null) this.state = 'unreachable';
      } else if (error instanceof Problem && error.status === 401) {
        if (this.me === null) this.state = 'signed-out';
      } else throw error;
    }
  }

  async signInByLink(token: string): Promise<void> {
    await this.#enter(await this.#parts.signInByLink(token));
  }

  async signInByPassword(email: string, password: string): Promise<void> {
    await this.#enter(await this.#parts.signInByPassword(email, password));
  }

  async signOut(): Promise<void> {
    await this.#parts.signOut();
    this.#parts.onSignedOut();
    this.me = null;
    this.state = 'signed-out';
  }

  /** The server no longer knows this sign-in: the page stays, and asks to sign in again. */
  expire(): void {
    this.state = this.me === null ? 'signed-out' : 'expired';
  }

  engagement(vault: string): Engagement | null {
    return this.me?.engagements.find((engagement) => engagement.vault === vault) ?? null;
  }

  canSteer(vault: string): boolean {
    return STEERING.includes(this.engagement(vault)?.role ?? 'auditor');
  }

  canAnswer(vault: string): boolean {
    return ANSWERING.includes(this.engagement(vault)?.role ?? 'auditor');
  }

  /** Whether the role decides about the answers of others. */
  canReview(vault: string): boolean {
    return REVIEWING.includes(this.engagement(vault)?.role ?? 'auditor');
  }

  /** Whether the role sees everybody's work, not only its own. */
  canOversee(vault: string): boolean {
    return OVERSEEING.includes(this.engagement(vault)?.role ?? 'annotator');
  }

  isOwner(vault: string): boolean {
    return this.engagement(vault)?.role === 'owner';
  }

  async #enter(me: Me): Promise<void> {
    this.me = me;
    this.state = 'signed-in';
    await this.#parts.onSignedIn(me);
  }
}
