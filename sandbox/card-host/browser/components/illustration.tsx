import type { IllustrationProps } from '@hubspot/ui-extensions';
import { hosted, testAttribute } from '../host/hosted.tsx';

/** HubSpot's pictures are theirs. These are motifs of our own, one for each family of names. */
const MOTIFS = {
  people: (
    <g transform="translate(-11 0)">
      <circle cx="60" cy="40" r="14" className="pch-ink" />
      <path d="M34 84c3-18 14-26 26-26s23 8 26 26z" className="pch-ink" />
      <circle cx="96" cy="48" r="9" className="pch-shade" />
      <path d="M82 84c1-12 7-19 14-19 8 0 14 7 15 19z" className="pch-shade" />
    </g>
  ),
  chart: (
    <>
      <rect x="28" y="56" width="14" height="28" rx="2" className="pch-shade" />
      <rect x="52" y="42" width="14" height="42" rx="2" className="pch-ink" />
      <rect x="76" y="28" width="14" height="56" rx="2" className="pch-accent" />
      <path d="M20 88h80" className="pch-stroke" />
    </>
  ),
  lock: (
    <>
      <rect x="36" y="46" width="48" height="38" rx="5" className="pch-ink" />
      <path d="M46 46V36a14 14 0 0 1 28 0v10" className="pch-stroke" />
      <circle cx="60" cy="64" r="5" className="pch-paper" />
    </>
  ),
  trouble: (
    <>
      <path d="M60 24 98 86H22z" className="pch-shade" />
      <path d="M60 44v20M60 74v1" className="pch-stroke" />
    </>
  ),
  message: (
    <>
      <rect x="26" y="32" width="68" height="48" rx="4" className="pch-shade" />
      <path d="m28 36 32 24 32-24" className="pch-stroke" />
    </>
  ),
  target: (
    <>
      <circle cx="60" cy="56" r="30" className="pch-shade" />
      <circle cx="60" cy="56" r="19" className="pch-paper" />
      <circle cx="60" cy="56" r="8" className="pch-accent" />
      <path d="m62 54 26-26" className="pch-stroke" />
    </>
  ),
  pieces: (
    <>
      <rect x="28" y="30" width="28" height="24" rx="4" className="pch-ink" />
      <rect x="64" y="30" width="28" height="24" rx="4" className="pch-shade" />
      <rect x="28" y="62" width="28" height="24" rx="4" className="pch-shade" />
      <rect x="64" y="62" width="28" height="24" rx="4" className="pch-accent" />
    </>
  ),
  page: (
    <>
      <rect x="36" y="22" width="48" height="64" rx="4" className="pch-shade" />
      <path d="M46 38h28M46 50h28M46 62h16" className="pch-stroke" />
      <circle cx="82" cy="78" r="12" className="pch-accent" />
    </>
  ),
};

const FAMILIES: readonly (readonly [RegExp, keyof typeof MOTIFS])[] = [
  [/error|cone|disabled/i, 'trouble'],
  [/lock|security/i, 'lock'],
  [/contact|lead|social|customerE/i, 'people'],
  [/chart|report|deals|compan/i, 'chart'],
  [/email|announcement|message|customerS|calling/i, 'message'],
  [/target|goal|idea/i, 'target'],
  [/object|component|integration|api|sandbox|store|cards|sidebar/i, 'pieces'],
];

export function Drawing({ name }: { name: string }) {
  const motif = FAMILIES.find(([names]) => names.test(name))?.[1] ?? 'page';
  return (
    <svg className="pch-drawing" viewBox="10 16 100 80" aria-hidden="true" focusable="false">
      <ellipse cx="60" cy="88" rx="48" ry="6" className="pch-ground" />
      {MOTIFS[motif]}
    </svg>
  );
}

function Illustration({ name, alt, width = 150, height, testId }: IllustrationProps) {
  return (
    <div
      className="pch-illustration"
      style={{ width, height }}
      {...(alt ? { role: 'img', 'aria-label': alt } : {})}
      {...testAttribute({ testId })}
    >
      <Drawing name={name} />
    </div>
  );
}

export const illustrations = [
  hosted<IllustrationProps>('Illustration', Illustration, { name: DOCUMENTED_ILLUSTRATIONS }),
];
