/** Where sealed entries lie on this device until the server has confirmed them. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Sealed } from './outbox-cipher';

export type EntryKind = 'annotation' | 'review' | 'draft' | 'note';
export type EntryState = 'waiting' | 'refused';

export interface StoredEntry extends Sealed {
  /** The annotation's or the decision's id, or `draft:` and the item's id, or `note:` and where it is to go. */
  id: string;
  owner: string;
  vault: string;
  project: string;
  kind: EntryKind;
  state: EntryState;
  item_id: string;
}

const BY_OWNER = '[owner+kind+state]';
/** The first version is 10, and its index has such a name, as the databases on people's devices were made. */
const VERSION = 10;

interface Entries extends DBSchema {
  entries: {
    key: string;
    value: StoredEntry;
    indexes: { [BY_OWNER]: [string, EntryKind, EntryState]; kind: EntryKind };
  };
}

export class OutboxStore {
  readonly #name: string;
  #opened: Promise<IDBPDatabase<Entries>> | null = null;

  constructor(name = 'goldsmith-outbox') {
    this.#name = name;
  }

  put(entry: StoredEntry): Promise<void> {
    return this.#change((entries) => entries.put(entry));
  }

  async get(id: string): Promise<StoredEntry | undefined> {
    return (await this.#database()).get('entries', id);
  }

  delete(id: string): Promise<void> {
    return this.#change((entries) => entries.delete(id));
  }

  /** One person's entries of one kind and state, oldest first. */
  async list(owner: string, kind: EntryKind, state: EntryState): Promise<StoredEntry[]> {
    // Entries with the same place in an index come by their id, which begins with the time.
    return (await this.#database()).getAllFromIndex('entries', BY_OWNER, [owner, kind, state]);
  }

  /** How many annotations and decisions of anybody lie here, which needs no key. */
  async countAll(): Promise<number> {
    const database = await this.#database();
    const counts = await Promise.all((['annotation', 'review'] as const).map((kind) => database.countFromIndex('entries', 'kind', kind)));
    return counts.reduce((sum, n) => sum + n, 0);
  }

  async #change(change: (entries: { put: (entry: StoredEntry) => Promise<unknown>; delete: (id: string) => Promise<unknown> }) => Promise<unknown>): Promise<void> {
    // `strict`: an entry counts as kept only when it is on the disk, not in a buffer.
    const transaction = (await this.#database()).transaction('entries', 'readwrite', { durability: 'strict' });
    await Promise.all([change(transaction.store), transaction.done]);
  }

  /** Opened when it is first needed, and again after the browser closed it or could not open it. */
  #database(): Promise<IDBPDatabase<Entries>> {
    const forget = () => (this.#opened = null);
    this.#opened ??= openDB<Entries>(this.#name, VERSION, {
      upgrade: (database) => {
        const entries = database.createObjectStore('entries', { keyPath: 'id' });
        entries.createIndex(BY_OWNER, ['owner', 'kind', 'state']);
        entries.createIndex('kind', 'kind');
      },
      // A tab with a newer version waits for this one to let go.
      blocking: (_current, _blocked, event) => {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    }).catch((error: unknown) => {
      forget();
      throw error;
    });
    return this.#opened;
  }
}
