/**
 * Which language a text is written in, as far as that is clear. The server says the same of the same text: it has the same file of letters
 * and frequent sequences (`goldsmith/tasks/languages.py` says where the rules come from), and all numbers are whole.
 */
import { WHITE_SPACE } from './texts';

interface Data {
  floor: number;
  scripts: Record<string, [number, number][]>;
  weights: Record<string, number>;
  languages: Record<string, string[]>;
  profiles: Record<string, Record<string, Record<string, string>>>;
}

const READ = 5000;
const LEAST = 40;
const MOST_OTHERS = 5;
const MOST_CAPITALS = 4;
const MARGIN = 3;
const KANA_SHARE = 10;
const NOISE = /[0-9/\\_@=<>{}|~^$#*+`]/u;

let data: Data | null = null;
const profiles = new Map<string, Map<string, number>>();
const scripts = new Map<string, string>();

/** Fetches what telling languages takes. */
export async function loadLanguages(): Promise<void> {
  data ??= (await import('../../../src/goldsmith/tasks/languages.json')).default as unknown as Data;
}

function known(): Data {
  if (data === null) throw new Error('a language was to be told before its file was loaded');
  return data;
}

/**
 * The language that a text is clearly written in though it is none of the wanted ones; null where that is not clear, and as long as the file
 * is not here: in the preview of a schema that has just been changed.
 */
export function otherLanguage(text: string, wanted: readonly string[]): string | null {
  if (data === null) {
    loadLanguages().catch(() => undefined);
    return null;
  }
  const { words, counts, nCapitals, nKana } = read(text);
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  if (total < LEAST) return null;
  const [top = '', most = 0] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0] ?? [];
  if ((total - most) * MOST_OTHERS > total) return null;
  if (top === 'Hani') {
    const seen = nKana * KANA_SHARE >= most ? 'ja' : 'zh';
    return wanted.includes(seen) ? null : seen;
  }
  const own = words.get(top) ?? [];
  if ((own.length - (nCapitals.get(top) ?? 0)) * MOST_CAPITALS <= own.length) return null;
  const speakers = Object.keys(known().languages).filter((code) => known().languages[code]?.includes(top)).sort();
  return mostProbable(top, speakers, own, wanted);
}

function mostProbable(script: string, speakers: string[], words: string[], wanted: readonly string[]): string | null {
  const ours = speakers.filter((code) => wanted.includes(code));
  const [first = null] = speakers;
  if (speakers.length === 1) return ours.length > 0 ? null : first;
  const sequences = words.flatMap(sequencesOf);
  const costs = new Map(speakers.map((code) => [code, costOf(profileOf(script, code), sequences)]));
  const cost = (code: string): number => costs.get(code) ?? 0;
  const best = speakers.reduce((one, other) => (cost(other) < cost(one) ? other : one));
  if (ours.length === 0) return best;
  const isClear = sequences.length >= LEAST && Math.min(...ours.map(cost)) - cost(best) >= MARGIN * sequences.length;
  return isClear ? best : null;
}

const costOf = (profile: Map<string, number>, sequences: string[]): number => sequences.reduce((sum, one) => sum + (profile.get(one) ?? known().floor), 0);

function sequencesOf(word: string): string[] {
  const padded = Array.from(` ${word} `);
  return padded.slice(2).map((last, i) => `${padded[i] ?? ''}${padded[i + 1] ?? ''}${last}`);
}

function profileOf(script: string, code: string): Map<string, number> {
  const place = `${script} ${code}`;
  const found = profiles.get(place) ?? new Map<string, number>();
  if (profiles.has(place)) return found;
  for (const [cost, together] of Object.entries(known().profiles[script]?.[code] ?? {})) {
    const letters = Array.from(together);
    for (let i = 0; i < letters.length; i += 3) found.set(letters.slice(i, i + 3).join(''), Number(cost));
  }
  profiles.set(place, found);
  return found;
}

/** The words by script, in small letters, and how many letters each script has; those of Japanese count as Chinese here. */
function read(text: string): { words: Map<string, string[]>; counts: Map<string, number>; nCapitals: Map<string, number>; nKana: number } {
  const words = new Map<string, string[]>();
  const counts = new Map<string, number>();
  const nCapitals = new Map<string, number>();
  let nKana = 0;
  for (const token of Array.from(text.slice(0, 2 * READ)).slice(0, READ).join('').split(WHITE_SPACE)) {
    const isNoise = NOISE.test(token);
    let [before, word] = ['', ''];
    for (const character of `${token} `) {
      if (isMark(character)) continue;
      const name = scriptOf(character);
      const weight = known().weights[name] ?? 1;
      if (name === 'Kana') nKana += weight;
      const script = name === 'Kana' ? 'Hani' : name === 'Latn' && isNoise ? '' : name;
      if (script !== before && word !== '') {
        const own = words.get(before) ?? [];
        own.push(word);
        words.set(before, own);
        word = '';
      }
      before = script;
      if (script === '') continue;
      const lower = small(character);
      if (word === '' && lower !== character) nCapitals.set(script, (nCapitals.get(script) ?? 0) + 1);
      word += lower;
      counts.set(script, (counts.get(script) ?? 0) + weight);
    }
  }
  return { words, counts, nCapitals, nKana };
}

/** An accent, or a vowel sign of Arabic, that stands on the letter before it. */
function isMark(character: string): boolean {
  const place = character.codePointAt(0) ?? 0;
  return (place >= 0x300 && place <= 0x36f) || (place >= 0x64b && place <= 0x65f) || place === 0x640 || place === 0x670;
}

function scriptOf(character: string): string {
  const found = scripts.get(character);
  if (found !== undefined) return found;
  const place = character.codePointAt(0) ?? 0;
  const [name = ''] = Object.entries(known().scripts).find(([, ranges]) => ranges.some(([first, last]) => first <= place && place <= last)) ?? [];
  scripts.set(character, name);
  return name;
}

/** The small letter, where that is one character. */
function small(character: string): string {
  const lower = character.toLowerCase();
  return Array.from(lower).length === 1 ? lower : character;
}
