/** What another schema changes for the questions of a project. */
import type { Question, Schema } from '../api';

export interface SchemaChanges {
  added: Question[];
  gone: Question[];
  changed: Question[];
  same: Question[];
  /** Whether what is shown of an item changes. */
  hasOtherFields: boolean;
}

export function changesOf(before: Schema, after: Schema): SchemaChanges {
  const known = new Map(before.questions.map((question) => [question.name, JSON.stringify(ordered(question))]));
  const names = new Set(after.questions.map(({ name }) => name));
  const kept = after.questions.filter(({ name }) => known.has(name));
  const isSame = (question: Question): boolean => known.get(question.name) === JSON.stringify(ordered(question));
  return {
    added: after.questions.filter(({ name }) => !known.has(name)),
    gone: before.questions.filter(({ name }) => !names.has(name)),
    changed: kept.filter((question) => !isSame(question)),
    same: kept.filter(isSame),
    hasOtherFields: JSON.stringify(ordered(before.fields)) !== JSON.stringify(ordered(after.fields)),
  };
}

/** The same value with its keys in the order of the alphabet, what is not set left out. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return (value as unknown[]).map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== null && part !== undefined && !(Array.isArray(part) && part.length === 0));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, ordered(part)]));
}
