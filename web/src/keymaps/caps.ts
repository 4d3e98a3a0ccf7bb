/** Keys as they are written on a keyboard. */
import { t } from '../i18n';

/** What stands on the caps of `key`, such as `['Ctrl Z']` for `mod+z` and `['g', 'i']` for a chord. */
export function caps(key: string): string[] {
  const isMac = navigator.userAgent.includes('Mac');
  const names: Record<string, string> = {
    mod: isMac ? '⌘' : 'Ctrl', shift: '⇧', alt: isMac ? '⌥' : 'Alt', ArrowLeft: '←', ArrowRight: '→',
    ArrowUp: '↑', ArrowDown: '↓', Enter: '⏎', ' ': t('keys.space'), Escape: 'Esc',
  };
  const parts = key.endsWith(' ') ? [key] : key.split(' ');
  return parts.map((part) => part.split(/\+(?=.)/).map((name) => names[name] ?? name).join(' '));
}
