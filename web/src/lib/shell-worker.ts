/** Registers the service worker. */
import { trustedScript } from './trusted';

const WORKER = '/sw.js';

/** Keeps the app's own files on this device, so that it opens without a network. */
export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  try {
    await navigator.serviceWorker.register(trustedScript('goldsmith-worker', WORKER), { scope: '/' });
  } catch {
    // Without it the app works as long as the server can be reached.
  }
}
