import type { IconProps } from '@hubspot/ui-extensions';
import { classes, hosted, testAttribute } from '../host/hosted.tsx';
import { shortSize } from './sizes.ts';
import { ICON_PATHS, OTHER_ICON } from './icon-paths.ts';

export function IconShape({ name, className }: { name: string; className?: string }) {
  return (
    <svg className={classes('pch-icon-shape', className)} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={ICON_PATHS[name] ?? OTHER_ICON} />
    </svg>
  );
}

function Icon({ name, color = 'inherit', size, screenReaderText, testId }: IconProps) {
  return (
    <span
      className={classes('pch-icon', `pch-icon-${color}`, size && `pch-icon-${shortSize(size)}`)}
      {...(screenReaderText ? { role: 'img', 'aria-label': screenReaderText } : { 'aria-hidden': true })}
      {...testAttribute({ testId })}
    >
      <IconShape name={name} />
    </span>
  );
}

export const icons = [
  hosted<IconProps>('Icon', Icon, {
    color: ['alert', 'warning', 'success', 'inherit'],
    size: ['sm', 'small', 'md', 'medium', 'lg', 'large'],
    name: DOCUMENTED_ICONS,
  }),
];
