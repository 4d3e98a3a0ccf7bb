/** Where sealed entries lie on this device until the server has confirmed them. */
import Dexie, { type Table } from 'dexie';
import type { Sealed } from './outbox-cipher';

export type EntryKind = 'annotation' | 'draft';
export type EntryState = 'waiting' | 'refused';

export interface StoredEntry extends Sealed {
  /** The annotation's id, or `draft:` and the item's id. */
  id: string;
  owner: string;
  vault: string;
  project: string;
  kind: EntryKind;
  state: EntryState;
  item_id: string;
}

class Database extends Dexie {
  declare entries: Table<StoredEntry, string>;

  constructor(name: string) {
    // `strict`: an entry counts as kept only when it is on the disk, not in a buffer.
    super(name, { chromeTransactionDurability: 'strict' });
    this.version(1).stores({ entries: 'id, [owner+kind+state], kind' });
  }
}

export class OutboxStore {
  readonly #database: Database;

  constructor(name = 'goldsmith-outbox') {
    this.#database = new Database(name);
  }

  async put(entry: StoredEntry): Promise<void> {
    await this.#database.entries.put(entry);
  }

  get(id: string): Promise<StoredEntry | undefined> {
    return this.#database.entries.get(id);
  }

  async delete(id: string): Promise<void> {
    await this.#database.entries.delete(id);
  }

  /** One person's entries of one kind and state, oldest first. */
  list(owner: string, kind: EntryKind, state: EntryState): Promise<StoredEntry[]> {
    return this.#database.entries.where('[owner+kind+state]').equals([owner, kind, state]).sortBy('id');
  }

  /** How many annotations of anybody lie here, which needs no key. */
  countAll(): Promise<number> {
    return this.#database.entries.where('kind').equals('annotation').count();
  }
}
