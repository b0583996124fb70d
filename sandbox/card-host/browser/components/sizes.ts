export type SizeName = 'xs' | 'sm' | 'md' | 'lg' | 'xl';
export type Distance = SizeName | 'flush';

const LONG = { 'extra-small': 'xs', small: 'sm', medium: 'md', large: 'lg', 'extra-large': 'xl' } as const;

export const XS = ['xs', 'extra-small'] as const;
export const SM = ['sm', 'small'] as const;
export const MD = ['md', 'medium'] as const;
export const LG = ['lg', 'large'] as const;
export const XL = ['xl', 'extra-large'] as const;
export const UP_TO_MD = [...XS, ...SM, ...MD] as const;
export const SM_TO_LG = [...SM, ...MD, ...LG] as const;
export const ALL_SIZES = [...UP_TO_MD, ...LG, ...XL] as const;
export const ALL_DISTANCES = ['flush', ...ALL_SIZES] as const;

/** HubSpot takes long and short names; class names are made of short ones. */
export function shortSize<Given extends string>(size: Given): SizeName | Exclude<Given, keyof typeof LONG> {
  return (LONG as Record<string, SizeName>)[size] ?? (size as Exclude<Given, keyof typeof LONG>);
}
