import { createContext, useState } from 'react';
import type { ReactNode } from 'react';
import { classes } from '../host/hosted.tsx';
import { useSession } from '../host/session.ts';

/** What hangs on a component by its `overlay` prop, as the overlay itself says when it is drawn. */
export type OverlayKind =
  { readonly kind: 'dialog'; readonly id: string } | { readonly kind: 'tooltip'; readonly elementId: string };

/** Null: there is no component the overlay hangs on, which HubSpot does not allow. */
export const OverlaySlot = createContext<((kind: OverlayKind | null) => void) | null>(null);

export type OverlayTrigger = {
  readonly open: () => void;
  readonly describedBy: string | undefined;
  readonly hasPopup: 'dialog' | undefined;
  /** Puts the overlay beside the component it hangs on. */
  readonly around: (component: ReactNode) => ReactNode;
};

export function useOverlay(overlay: ReactNode): OverlayTrigger {
  const [kind, setKind] = useState<OverlayKind | null>(null);
  const { overlays } = useSession();
  return {
    open() {
      if (kind?.kind === 'dialog') overlays.open(kind.id);
    },
    describedBy: kind?.kind === 'tooltip' ? kind.elementId : undefined,
    hasPopup: kind?.kind === 'dialog' ? 'dialog' : undefined,
    around: (component) =>
      overlay ? (
        <span className={classes('pch-anchor', kind?.kind === 'tooltip' && 'pch-has-tooltip')}>
          {component}
          <OverlaySlot.Provider value={setKind}>{overlay}</OverlaySlot.Provider>
        </span>
      ) : (
        component
      ),
  };
}
