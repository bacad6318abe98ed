/**
 * Has the browser keep the page's files, so that it opens without a network. Where that is not possible, the
 * page works all the same.
 */
export function keepOffline(): void {
  if (import.meta.env.DEV || !('serviceWorker' in navigator)) return;
  addEventListener('load', () => {
    navigator.serviceWorker.register('./offline.js').catch(() => undefined);
  });
}
