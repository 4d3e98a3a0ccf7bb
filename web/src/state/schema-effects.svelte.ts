/** What a changed schema would do to the answers there are, as the server counts it: one question at a time. */
import type { Schema, SchemaEffects } from '../api';

export class EffectsOfChange {
  /** For the schema asked about last; null while that is being counted. */
  value = $state.raw<SchemaEffects | null>(null);
  error = $state.raw<unknown>(null);
  readonly #preview: (schema: Schema) => Promise<SchemaEffects>;
  #wanted: Schema | null = null;
  #isAsking = false;

  constructor(preview: (schema: Schema) => Promise<SchemaEffects>) {
    this.#preview = preview;
  }

  /** Counts for a schema; one that is replaced before its turn is never asked about, since a count may read all answers. */
  async look(schema: Schema): Promise<void> {
    this.#wanted = schema;
    this.value = null;
    this.error = null;
    if (this.#isAsking) return;
    this.#isAsking = true;
    let asked: Schema | null = null;
    while (asked !== this.#wanted) {
      asked = this.#wanted;
      await this.#ask(asked);
    }
    this.#isAsking = false;
  }

  async #ask(schema: Schema): Promise<void> {
    try {
      const value = await this.#preview(schema);
      if (schema === this.#wanted) this.value = value;
    } catch (error) {
      if (schema === this.#wanted) this.error = error;
    }
  }
}
