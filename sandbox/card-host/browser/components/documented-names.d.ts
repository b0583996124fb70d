import type { IconProps, IllustrationProps } from '@hubspot/ui-extensions';

/** Put in when the host is built, read from HubSpot's package: it exports the names as types only. */
declare global {
  const DOCUMENTED_ICONS: readonly IconProps['name'][];
  const DOCUMENTED_ILLUSTRATIONS: readonly IllustrationProps['name'][];
}
