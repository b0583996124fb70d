import type { MountOptions, MountedCard } from './mount-options.ts';
import { mountCard } from './mount-card.tsx';

declare global {
  interface Window {
    PassalongCardHost: { mountCard: (element: HTMLElement, options: MountOptions) => MountedCard };
  }
}

window.PassalongCardHost = { mountCard };
