/** Registers the service worker through a Trusted Types policy that knows its address and no other. */

const WORKER = '/sw.js';

function address(): string {
  const factory = window.trustedTypes;
  if (factory === undefined) return WORKER;
  const policy = factory.createPolicy('goldsmith-worker', {
    createScriptURL: (url) => {
      if (url !== WORKER) throw new TypeError(`${url} is not the worker of this app`);
      return url;
    },
  });
  return policy.createScriptURL(WORKER) as unknown as string;
}

/** Keeps the app's own files on this device, so that it opens without a network. */
export async function registerWorker(): Promise<void> {
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return;
  try {
    await navigator.serviceWorker.register(address(), { scope: '/' });
  } catch {
    // Without it the app works as long as the server can be reached.
  }
}
