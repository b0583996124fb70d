import { useRef } from 'react';

/** Two tries with the same content carry the same key, so that HubSpot's retry and the rep's change nothing twice. */
export type RequestKeys = {
  readonly keyFor: (content: string) => string;
  /** Once it is certain what became of it: the same content again is meant as a new request. */
  readonly renew: () => void;
};

export function useRequestKeys(): RequestKeys {
  const last = useRef<{ content: string; key: string } | null>(null);
  return {
    keyFor: (content) => {
      if (last.current?.content !== content) last.current = { content, key: newKey() };
      return last.current.key;
    },
    renew: () => {
      last.current = null;
    },
  };
}

/** Not `randomUUID`: it is missing wherever the worker is not a secure context. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
