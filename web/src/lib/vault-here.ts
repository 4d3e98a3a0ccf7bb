/** The vault that the open page is about: what is shown of an item is always in that one. */
import { match, router } from './router.svelte';

export function vaultHere(): string {
  const start = router.path.split('/').slice(0, 3).join('/');
  return match('/v/:vault', start)?.['vault'] ?? '';
}
