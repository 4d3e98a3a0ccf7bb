/** Conversations as payloads hold them. */
import { textOf } from './texts';

export interface Turn {
  role: string;
  content: string;
}

/** The text of a message: a string, or the texts of its parts. */
function contentOf(content: unknown): string {
  if (!Array.isArray(content)) return textOf(content);
  return content.map((part: unknown) => textOf((part as { text?: unknown } | null)?.text ?? part)).join('\n\n');
}

/** The messages of a conversation, in order; what is none becomes one message that shows it. */
export function turnsOf(value: unknown): Turn[] {
  const list: unknown[] = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return list.map((entry) => {
    const message = entry as { role?: unknown; content?: unknown } | null;
    const isMessage = typeof message === 'object' && typeof message?.role === 'string';
    return isMessage ? { role: String(message.role), content: contentOf(message.content) } : { role: '', content: textOf(entry) };
  });
}
