/** A question while it is being made by clicking. */
import type { Option, Question } from '../api';

/** The types that can be made by clicking. */
export type DraftType = 'choice' | 'spans';

export interface OptionDraft {
  label: string;
  key: string;
}

/** Keys that the labelling screen uses itself. */
const RESERVED = 'sfcg';

/** `text` as a name that can be a key everywhere, not among `taken`. */
export function nameFrom(text: string, taken: ReadonlySet<string>): string {
  const plain = text.normalize('NFKD').toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^[_0-9]+|_+$/g, '');
  const base = plain === '' ? 'question' : plain.slice(0, 60).replace(/_+$/, '');
  let name = base;
  for (let n = 2; taken.has(name); n += 1) name = `${base}_${String(n)}`;
  return name;
}

export class QuestionDraft {
  type = $state<DraftType>('choice');
  label = $state('');
  help = $state('');
  isRequired = $state(true);
  field = $state('');
  options = $state<OptionDraft[]>([]);

  constructor(type: DraftType) {
    this.type = type;
    this.options = type === 'choice' ? [this.#blank(), this.#blank()] : [this.#blank()];
    this.isRequired = type === 'choice';
  }

  get filled(): OptionDraft[] {
    return this.options.filter(({ label }) => label.trim() !== '');
  }

  /** Labels that occur twice, and keys that do or that the screen needs itself. */
  get clashes(): string[] {
    const labels = this.filled.map(({ label }) => label.trim());
    const keys = this.filled.map(({ key }) => key.toLowerCase()).filter((key) => key !== '');
    const twice = [labels, keys].flatMap((list) => list.filter((value, i) => list.indexOf(value) !== i));
    return [...new Set([...twice, ...keys.filter((key) => RESERVED.includes(key))])];
  }

  get isComplete(): boolean {
    return this.label.trim() !== '' && this.filled.length >= (this.type === 'choice' ? 2 : 1) && this.clashes.length === 0;
  }

  addOption(): void {
    this.options.push(this.#blank());
  }

  removeOption(i: number): void {
    this.options = this.options.filter((_option, at) => at !== i);
  }

  /** Takes several lines at once, as when a list is pasted. */
  paste(i: number, text: string): boolean {
    const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '');
    if (lines.length < 2) return false;
    const made = lines.map((label) => ({ label, key: '' }));
    this.options = [...this.options.slice(0, i), ...made, ...this.options.slice(i + 1)];
    return true;
  }

  /** The finished question; its name is not among `names` and is added to them. */
  question(names: Set<string>, fields: readonly string[]): Question {
    const label = this.label.trim();
    const name = nameFrom(label, names);
    names.add(name);
    const help = this.help.trim();
    const base = { name, label, required: this.isRequired, ...(help === '' ? {} : { help }) };
    const options: Option[] = this.filled.map((option) => {
      const text = option.label.trim();
      return { value: text, label: text, ...(option.key === '' ? {} : { key: option.key.toLowerCase() }) };
    });
    if (this.type === 'choice') return { ...base, type: 'choice', options };
    const field = fields.includes(this.field) ? this.field : (fields[0] ?? '');
    return { ...base, type: 'spans', field, labels: options };
  }

  #blank(): OptionDraft {
    return { label: '', key: '' };
  }
}
