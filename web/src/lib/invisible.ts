/** Characters that a reader cannot see: controls of direction, of zero width, and what machines hide messages in. */

/** A stretch of a text: one that is seen, or characters that are not, with what they are called. */
export interface Piece {
  text: string;
  /** The UTF-16 unit of the text at which it starts. */
  unit: number;
  /** What stands in for what is not seen, such as `RLO` or `ZWSP ×3`; null for text that is seen. */
  mark: string | null;
  /** What the characters are called; empty for text that is seen. */
  name: string;
  /** Whether it would turn the text around it; such a control is shown, but not obeyed. */
  turns: boolean;
}

const NAMES: Record<number, [mark: string, name: string]> = {
  0x00ad: ['SHY', 'soft hyphen'],
  0x034f: ['CGJ', 'combining grapheme joiner'],
  0x061c: ['ALM', 'Arabic letter mark'],
  0x115f: ['HCF', 'Hangul choseong filler'],
  0x1160: ['HJF', 'Hangul jungseong filler'],
  0x180e: ['MVS', 'Mongolian vowel separator'],
  0x200b: ['ZWSP', 'zero width space'],
  0x200c: ['ZWNJ', 'zero width non-joiner'],
  0x200d: ['ZWJ', 'zero width joiner'],
  0x200e: ['LRM', 'left-to-right mark'],
  0x200f: ['RLM', 'right-to-left mark'],
  0x2028: ['LS', 'line separator'],
  0x2029: ['PS', 'paragraph separator'],
  0x202a: ['LRE', 'left-to-right embedding'],
  0x202b: ['RLE', 'right-to-left embedding'],
  0x202c: ['PDF', 'pop directional formatting'],
  0x202d: ['LRO', 'left-to-right override'],
  0x202e: ['RLO', 'right-to-left override'],
  0x2060: ['WJ', 'word joiner'],
  0x2066: ['LRI', 'left-to-right isolate'],
  0x2067: ['RLI', 'right-to-left isolate'],
  0x2068: ['FSI', 'first strong isolate'],
  0x2069: ['PDI', 'pop directional isolate'],
  0x3164: ['HF', 'Hangul filler'],
  0xfeff: ['BOM', 'byte order mark'],
  0xffa0: ['HHF', 'halfwidth Hangul filler'],
};

// Controls other than tab and line ends; what shows nothing by its nature; separators and anchors.
const HIDDEN = /(?![\t\n\r])\p{Cc}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029\ufff9-\ufffb]/u;
const HIDDEN_RUN = new RegExp(`(?:${HIDDEN.source})+`, 'gu');
const TURNING = /[\u202a-\u202e\u2066-\u2069]/;
const PICTURE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\ufe0f)$/u;
const BEFORE_SELECTOR = /[\p{Emoji}\p{Script=Han}\p{Script=Mongolian}\p{Script=Myanmar}\p{S}\p{P}]$/u;
// The scripts in which joiners are part of how a word is written.
const JOINING =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Nko}\p{Script=Adlam}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]\p{M}*$/u;
const REACH = 8;

/** Whether `text` holds any character that is not seen. */
export function hasHidden(text: string): boolean {
  return HIDDEN.test(text);
}

/** Whether the hidden characters `run` at `unit` are how something seen is written: an emoji, a joined word. */
function isWriting(text: string, unit: number, run: string): boolean {
  const before = text.slice(Math.max(0, unit - REACH), unit);
  const after = text.slice(unit + run.length, unit + run.length + REACH);
  if (run.length === 1 && run >= '\ufe00' && run <= '\ufe0f') return BEFORE_SELECTOR.test(before);
  if (run.length === 1 && run >= '\u180b' && run <= '\u180f') return /\p{Script=Mongolian}$/u.test(before);
  if (/^[\u{e0100}-\u{e01ef}]$/u.test(run)) return /\p{Script=Han}$/u.test(before);
  if (run === '\u200d' || run === '\ufe0f\u200d') return (PICTURE.test(before) && /^\p{Emoji}/u.test(after)) || JOINING.test(before);
  if (run === '\u200c') return JOINING.test(before);
  return /^[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{2,6}\u{e007f}$/u.test(run) && before.endsWith('\u{1f3f4}');
}

function nameOf(character: string): [mark: string, name: string] {
  const point = character.codePointAt(0) ?? 0;
  const known = NAMES[point];
  if (known !== undefined) return known;
  const code = `U+${point.toString(16).toUpperCase().padStart(4, '0')}`;
  if ((point >= 0xfe00 && point <= 0xfe0f) || (point >= 0xe0100 && point <= 0xe01ef)) return ['VS', 'variation selector'];
  if (point >= 0xe0000 && point <= 0xe007f) return ['TAG', 'tag character'];
  return [code, point < 0xa0 ? `control character ${code}` : code];
}

/** The characters of a run, equal ones beside each other together. */
function marks(run: string, unit: number): Piece[] {
  const found: (Piece & { n: number; short: string })[] = [];
  let at = unit;
  for (const character of run) {
    const [short, name] = nameOf(character);
    const last = found.at(-1);
    if (last?.short === short) {
      last.text += character;
      last.n += 1;
    } else found.push({ text: character, unit: at, mark: short, short, name, n: 1, turns: TURNING.test(character) });
    at += character.length;
  }
  return found.map(({ text, unit: from, short, name, n, turns }) => ({ text, unit: from, mark: n === 1 ? short : `${short} ×${String(n)}`, name, turns }));
}

/** `text` in stretches, what is not seen apart; joined they are the text again. */
export function piecesOf(text: string): Piece[] {
  const found: Piece[] = [];
  let done = 0;
  const seen = (end: number): void => {
    if (end > done) found.push({ text: text.slice(done, end), unit: done, mark: null, name: '', turns: false });
  };
  for (const { 0: run, index } of text.matchAll(HIDDEN_RUN)) {
    if (isWriting(text, index, run)) continue;
    seen(index);
    found.push(...marks(run, index));
    done = index + run.length;
  }
  seen(text.length);
  return found;
}
