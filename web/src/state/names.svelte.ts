/** Who is behind the pseudonyms of a vault, for those whom the directory tells. */
import type { Person, Rows } from '../api';

export interface NamesParts {
  people: (vault: string) => Promise<Rows<Person>>;
}

export class Names {
  #vault: string | null = null;
  #of = $state.raw<ReadonlyMap<string, string>>(new Map());
  readonly #parts: NamesParts;

  constructor(parts: NamesParts) {
    this.#parts = parts;
  }

  /** The names of one vault at a time; null forgets them. Without them, pseudonyms are shown. */
  async watch(vault: string | null): Promise<void> {
    if (vault === this.#vault) return;
    this.#vault = vault;
    this.#of = new Map();
    if (vault === null) return;
    const people = await this.#parts.people(vault).catch(() => null);
    if (vault !== this.#vault || people === null) return;
    this.#of = new Map(people.rows.flatMap(({ pseudonym, name }) => (typeof pseudonym === 'string' ? [[pseudonym, name] as const] : [])));
  }

  of(pseudonym: string): string {
    return this.#of.get(pseudonym) ?? pseudonym;
  }
}
