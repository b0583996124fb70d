const calls = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'WebTransport', 'Worker', 'SharedWorker'];
const stores = ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore', 'BroadcastChannel'];

/**
 * What HubSpot's worker does not give to a card. The worker itself needs none of it: data comes over the page.
 * `importScripts` follows once the card's own bundle has been loaded.
 */
export function blockGlobals(): void {
  for (const name of calls) block(name, { value: blockedCall(name) });
  for (const name of stores) block(name, { get: blockedCall(name) });
}

export function blockImportScripts(): void {
  block('importScripts', { value: blockedCall('importScripts') });
}

/** On the prototypes too, where a name could be taken from otherwise. */
function block(name: string, property: PropertyDescriptor): void {
  for (let holder: object | null = self; holder !== null; holder = Object.getPrototypeOf(holder) as object | null) {
    if (holder === self || Object.hasOwn(holder, name)) {
      Object.defineProperty(holder, name, { configurable: false, ...property });
    }
  }
}

/** A function, not an arrow: `new` must fail with the same words. */
function blockedCall(name: string): () => never {
  return function blocked() {
    throw new Error(`${name} is not available in a HubSpot card. Use hubspot.fetch for the app's own server.`);
  };
}
