/** Long texts in blocks, so that a browser lays out only those on the screen. */

const BLOCK = 4000;

/** Where a stretch of at most `most` units from `from` ends: after a line break, else a space, else a whole character. */
function endOf(text: string, from: number, most: number): number {
  const limit = from + most;
  if (limit >= text.length) return text.length;
  const line = text.lastIndexOf('\n', limit - 1) + 1;
  if (line > from) return line;
  const space = text.lastIndexOf(' ', limit - 1) + 1;
  if (space > from + most / 2) return space;
  const unit = text.charCodeAt(limit);
  return unit >= 0xdc00 && unit <= 0xdfff ? limit - 1 : limit;
}

/** `text` cut into blocks of about `most` characters, at line breaks where there are any; joined they are the text again. */
export function blocksOf(text: string, most = BLOCK): string[] {
  const found: string[] = [];
  for (let from = 0; from < text.length; ) {
    const end = endOf(text, from, most);
    found.push(text.slice(from, end));
    from = end;
  }
  return found;
}
