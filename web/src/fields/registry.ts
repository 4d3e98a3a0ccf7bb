/** How a field of an item is shown, by its type. Each is one component in `types/`, fetched when it is first needed. */
import type { Component } from 'svelte';
import type { Field } from '../api';

export interface FieldProps {
  field: Field;
  value: unknown;
  /** The vault that the item is in, where the bytes of pictures and sounds are. */
  vault: string;
  /** Whether it stands in a list or a narrow pane. */
  isSmall?: boolean;
}

const FILES = import.meta.glob<{ default: Component<FieldProps> }>('./types/*.svelte');
const loaded = new Map<string, Component<FieldProps>>();

/** The names of all field types. */
export const FIELD_TYPES: readonly string[] = Object.keys(FILES).map((path) => path.replace(/^.*\/|\.svelte$/g, ''));

/** Fetches what the fields need; afterwards `displayOf` answers at once. */
export async function loadFields(fields: readonly Field[]): Promise<void> {
  const types = [...new Set(fields.map(({ type }) => type))].filter((type) => !loaded.has(type));
  await Promise.all(
    types.map(async (type) => {
      const file = FILES[`./types/${type}.svelte`] ?? FILES['./types/json.svelte'];
      if (file !== undefined) loaded.set(type, (await file()).default);
    }),
  );
}

export function displayOf(field: Field): Component<FieldProps> {
  const display = loaded.get(field.type);
  if (display === undefined) throw new RangeError(`fields of the type ${field.type} are not loaded`);
  return display;
}
