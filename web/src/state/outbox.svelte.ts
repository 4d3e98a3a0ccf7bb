/**
 * Answers and decisions on their way: kept on this device before they are sent, and until a receipt has come back.
 *
 * An entry leaves only when the server's receipt names it. What the server refuses stays, with the reason.
 */
import { Problem, Unreachable, type AnnotationRequest, type Look, type NewReview, type OutboxKey, type Receipt, type ReviewReceipt } from '../api';
import { follow } from '../lib/ids';
import type { Draft as Note, Notes } from './comment-drafts.svelte';
import { OutboxCipher } from './outbox-cipher';
import type { EntryKind, EntryState, OutboxStore, StoredEntry } from './outbox-store';

export interface Waiting {
  vault: string;
  project: string;
  external_id: string;
  request: AnnotationRequest;
}

/** What a reviewer or an adjudicator has decided. */
export interface Decided extends Omit<Waiting, 'request'> {
  request: NewReview;
}

type Kept = Waiting | Decided;

/** What a reviewer has begun about an item, and where in the screen. */
export interface BegunDecision extends Decided {
  mode: 'look' | 'edit' | 'return';
}

interface Reason {
  reason: { code: string; detail: string; hint: string };
}

export type RefusedDecision = Decided & Reason;
export type Refused = (Waiting & Reason) | RefusedDecision;

export const isDecision = (entry: Refused): entry is RefusedDecision => 'decision' in entry.request;

/** What is sent; drafts stay here. */
const SENT = ['annotation', 'review'] as const;
const kindOf = ({ request }: Kept): (typeof SENT)[number] => ('decision' in request ? 'review' : 'annotation');

/** The id of what is begun on an item: an answer, or what a reviewer or an adjudicator decides about answers. */
const draftId = (item: string, look?: Look): string => (look === undefined ? `draft:${item}` : `draft:${look}:${item}`);
const draftIdOf = ({ request }: Kept): string => draftId(request.item_id, 'decision' in request ? request.purpose : undefined);

/** Where an entry belongs. */
interface Place {
  vault: string;
  project: string;
  request: { item_id: string };
}

export interface OutboxParts {
  store: OutboxStore;
  send: (vault: string, project: string, request: AnnotationRequest) => Promise<Receipt>;
  decide: (vault: string, project: string, review: NewReview) => Promise<ReviewReceipt>;
  fetchKey: (vault: string) => Promise<OutboxKey>;
  /** Runs `work` while no other tab does. */
  alone: (work: () => Promise<void>) => Promise<void>;
  /** Calls `run` after `ms`; returns how to call it off. */
  later: (run: () => void, ms: number) => () => void;
  /** Tells other tabs that something changed. */
  announce: () => void;
  random: () => number;
}

const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;

const placeOf = (entry: Pick<StoredEntry, 'owner' | 'vault' | 'id' | 'kind'>): string =>
  [entry.owner, entry.vault, entry.kind, entry.id].join('|');

/** Whether `receipt` speaks of `request` and is complete; only then may the copy on this device go. */
export function confirms(receipt: Receipt, request: Pick<AnnotationRequest, 'id' | 'item_id'>): boolean {
  return (
    receipt.annotation_id === request.id &&
    receipt.item_id === request.item_id &&
    Number.isInteger(receipt.leaf_seq) &&
    Number.isInteger(receipt.stored_at) &&
    /^[0-9a-f]{64}$/.test(receipt.content_sha256) &&
    receipt.leaf_hash !== '' &&
    receipt.signature !== ''
  );
}

/** Whether sending the same again cannot help; a lost sign-in can be mended. */
const isLasting = (problem: Problem): boolean => !problem.isPassing && problem.status !== 401;

export class Outbox {
  nWaiting = $state(0);
  refused = $state.raw<Refused[]>([]);
  /** Decisions that the server has and that do not count, because something came before them. */
  overtaken = $state.raw<Decided[]>([]);
  /** Entries sealed with a key that the server no longer gives. */
  nUnreadable = $state(0);
  isOffline = $state(false);
  isSending = $state(false);

  readonly #parts: OutboxParts;
  readonly #ciphers = new Map<string, Promise<OutboxCipher>>();
  #owner = '';
  #failures = 0;
  #cancelRetry: () => void = () => undefined;
  #flushing: Promise<void> | null = null;
  #nAsked = 0;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** Begins to work for one person. */
  async open(owner: string): Promise<void> {
    if (this.#owner !== owner) this.close();
    this.#owner = owner;
    await this.refresh();
    await this.flush();
  }

  /** Forgets the keys; what is kept stays kept. */
  close(): void {
    this.#owner = '';
    this.#ciphers.clear();
    this.#cancelRetry();
    this.nWaiting = 0;
    this.refused = [];
    this.overtaken = [];
  }

  /** Fetches the key of a vault ahead of time, so that the first answer can be kept without a network. */
  async prepare(vault: string): Promise<void> {
    await this.#cipher(vault);
  }

  /**
   * Keeps an answer or a decision on this device; when this returns it is on the disk. Sending starts by itself.
   *
   * Where the disk takes nothing it is sent at once, and this returns when the server has it.
   */
  async add(waiting: Kept): Promise<void> {
    const kind = kindOf(waiting);
    const owner = this.#owner;
    try {
      await this.#write(waiting.request.id, kind, 'waiting', waiting, waiting);
      this.nWaiting += 1;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      await this.#sendDirectly(waiting, owner, error);
    }
    await this.#parts.store.delete(draftIdOf(waiting)).catch(() => undefined);
    this.#parts.announce();
    void this.flush();
  }

  async saveDraft(draft: Waiting | BegunDecision): Promise<void> {
    await this.#write(draftIdOf(draft), 'draft', 'waiting', draft, draft);
  }

  /** What was begun on an item and not submitted, if this device has it. */
  draft(item: string): Promise<Waiting | null> {
    return this.#draft(draftId(item));
  }

  /** What a reviewer or an adjudicator has begun about an item and not decided, if this device has it. */
  begunDecision(item: string, look: Look): Promise<BegunDecision | null> {
    return this.#draft(draftId(item, look));
  }

  async dropBegunDecision(item: string, look: Look): Promise<void> {
    const entry = await this.#parts.store.get(draftId(item, look));
    if (entry?.owner === this.#owner) await this.#parts.store.delete(draftId(item, look));
  }

  async #draft<Content>(id: string): Promise<Content | null> {
    const entry = await this.#parts.store.get(id);
    if (entry === undefined || entry.owner !== this.#owner) return null;
    return this.#read<Content>(entry);
  }

  /** Where what `person` has written in a project and not sent lies until it is sent, sealed like answers; for nobody else. */
  notes(person: string, vault: string, project: string): Notes {
    const nameOf = ({ item, thread }: Note): string => ['note:', person, vault, project, item, thread ?? ''].join('|');
    return {
      list: async () => {
        if (this.#owner !== person) return [];
        const entries = (await this.#listed(person, 'note', 'waiting')).filter((entry) => entry.vault === vault && entry.project === project);
        const read = await Promise.all(entries.map((entry) => this.#read<Note>(entry)));
        return read.filter((note) => note !== null);
      },
      put: async (note) => {
        // Somebody else may have signed in since it was written.
        if (this.#owner !== person || person === '') return;
        if (note.text === '') await this.#parts.store.delete(nameOf(note));
        else await this.#write(nameOf(note), 'note', 'waiting', note, { vault, project, request: { item_id: note.item } });
      },
    };
  }

  /** The items with an answer, or a decision, of this person that is still on its way. */
  async itemsOnTheWay(kind: (typeof SENT)[number] = 'annotation'): Promise<Set<string>> {
    const entries = await this.#listed(this.#owner, kind, 'waiting');
    return new Set(entries.map((entry) => entry.item_id));
  }

  /** Sends what was refused once more. */
  async retry(id: string): Promise<void> {
    const entry = await this.#parts.store.get(id);
    if (entry === undefined) return;
    await this.#parts.store.put({ ...entry, state: 'waiting' });
    await this.refresh();
    this.#parts.announce();
    await this.flush();
  }

  /** Throws away an answer that could not be saved; only on the person's own word. */
  async discard(id: string): Promise<void> {
    await this.#parts.store.delete(id);
    await this.refresh();
    this.#parts.announce();
  }

  /** Counts and reads anew what this device holds. */
  async refresh(): Promise<void> {
    if (this.#owner === '') return;
    const waiting = await this.#sent(this.#owner, 'waiting');
    this.nWaiting = waiting.length;
    for (const { id } of waiting) follow(id);
    const entries = await this.#sent(this.#owner, 'refused');
    const read = await Promise.all(entries.map((entry) => this.#read(entry).catch(() => null)));
    this.refused = read.filter((entry): entry is Refused => entry !== null && 'reason' in entry);
  }

  /** Sends everything that waits, oldest first; one tab at a time. */
  flush(): Promise<void> {
    this.#nAsked += 1;
    this.#flushing ??= this.#flushUntilQuiet().finally(() => (this.#flushing = null));
    return this.#flushing;
  }

  async #flushUntilQuiet(): Promise<void> {
    for (let nSeen = 0; nSeen !== this.#nAsked; ) {
      nSeen = this.#nAsked;
      await this.#flushAll();
    }
  }

  async #flushAll(): Promise<void> {
    const owner = this.#owner;
    if (owner === '') return;
    this.#cancelRetry();
    this.isSending = true;
    try {
      await this.#parts.alone(async () => {
        const entries = await this.#sent(owner, 'waiting');
        this.nUnreadable = 0;
        for (const entry of entries) await this.#sendOne(entry);
      });
      this.#failures = 0;
      this.isOffline = false;
    } catch (error) {
      this.#postpone(error);
    } finally {
      this.isSending = false;
      await this.refresh();
      this.#parts.announce();
    }
  }

  async #sendOne(entry: StoredEntry): Promise<void> {
    const waiting = await this.#read(entry).catch((error: unknown) => {
      if (error instanceof Problem && isLasting(error)) return null;
      throw error;
    });
    if (waiting === null) {
      this.nUnreadable += 1;
      return;
    }
    // Somebody else may have signed in meanwhile: one person's answers never go out in another's name.
    if (entry.owner !== this.#owner) return;
    try {
      await this.#deliver(waiting);
      await this.#parts.store.delete(entry.id);
      this.nWaiting = Math.max(0, this.nWaiting - 1);
    } catch (error) {
      if (!(error instanceof Problem) || !isLasting(error)) throw error;
      const reason = { code: error.code, detail: error.message, hint: error.hint };
      const refused: Refused = { ...waiting, reason };
      await this.#write(entry.id, entry.kind, 'refused', refused, waiting);
    }
  }

  /** Sends an entry; when this returns the server's receipt names it. */
  async #deliver(entry: Kept): Promise<void> {
    const { vault, project, request } = entry;
    if (!('decision' in request)) {
      if (!confirms(await this.#parts.send(vault, project, request), request)) throw new Unreachable();
      return;
    }
    const receipt = await this.#parts.decide(vault, project, request);
    if (!confirms(receipt, request)) throw new Unreachable();
    if (!receipt.applies) this.overtaken = [...this.overtaken, { ...entry, request }];
  }

  /** Lets go of the word that a decision does not count. */
  forget(id: string): void {
    this.overtaken = this.overtaken.filter(({ request }) => request.id !== id);
  }

  /** What one person has sent, oldest first. */
  async #sent(owner: string, state: EntryState): Promise<StoredEntry[]> {
    const lists = await Promise.all(SENT.map((kind) => this.#listed(owner, kind, state)));
    return lists.flat().sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** A device whose storage is closed, as in some private windows, holds nothing. */
  #listed(owner: string, kind: EntryKind, state: EntryState): Promise<StoredEntry[]> {
    return this.#parts.store.list(owner, kind, state).catch((error: unknown) => {
      if (error instanceof DOMException) return [];
      throw error;
    });
  }

  /** Sends what could not be kept, after all that was kept before it. */
  async #sendDirectly(waiting: Kept, owner: string, full: DOMException): Promise<void> {
    await this.flush();
    if (this.#owner !== owner) throw full;
    try {
      await this.#deliver(waiting);
    } catch (error) {
      // What matters to whoever is offline is that nothing is kept.
      throw error instanceof Unreachable ? full : error;
    }
    this.isOffline = false;
  }

  #postpone(error: unknown): void {
    if (error instanceof Problem && error.status === 401) return; // signing in again flushes
    this.isOffline = error instanceof Unreachable;
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#cancelRetry = this.#parts.later(() => void this.flush(), longest * (0.5 + this.#parts.random() / 2));
  }

  async #write(
    id: string,
    kind: StoredEntry['kind'],
    state: StoredEntry['state'],
    content: Kept | Note,
    { vault, project, request }: Place,
  ): Promise<void> {
    const place = { id, owner: this.#owner, vault, kind };
    const cipher = await this.#cipher(vault);
    const sealed = await cipher.seal(content, placeOf(place));
    await this.#parts.store.put({ ...sealed, ...place, project, state, item_id: request.item_id });
  }

  /** What an entry says, or null when it was sealed with another key or changed. */
  async #read<Content = Kept>(entry: StoredEntry): Promise<Content | null> {
    const cipher = await this.#cipher(entry.vault);
    if (cipher.keyId !== entry.key_id) return null;
    return cipher.open(entry, placeOf(entry)).then(
      (content) => content as Content,
      () => null,
    );
  }

  #cipher(vault: string): Promise<OutboxCipher> {
    const known = this.#ciphers.get(vault);
    if (known !== undefined) return known;
    const made = this.#parts.fetchKey(vault).then((key) => OutboxCipher.of(key));
    this.#ciphers.set(vault, made);
    made.catch(() => this.#ciphers.delete(vault));
    return made;
  }
}
