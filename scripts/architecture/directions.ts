import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path/posix';
import type { Layer } from './layers.ts';
import { layers } from './layers.ts';

export type Import = {
  /** The importing file, from the project's root. */
  file: string;
  /** As written in the import statement. */
  specifier: string;
  typeOnly: boolean;
};

export function layerOf(file: string): Layer | undefined {
  return layers.find((layer) => layer.files.test(file));
}

/** The imported file from the project's root, or undefined for a package or a part of Node. */
export function importedFile({ file, specifier }: Import): string | undefined {
  return specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : undefined;
}

/** Why this import goes in a direction it must not, or undefined when it may. */
export function findRefusal(found: Import): string | undefined {
  const layer = layerOf(found.file);
  if (!layer) return `${found.file} belongs to no layer of scripts/architecture/layers.ts`;
  const target = importedFile(found);
  return target === undefined ? refuseOutside(layer, found) : refuseInside(layer, found, target);
}

function refuseOutside(layer: Layer, { specifier, typeOnly }: Import): string | undefined {
  if (isBuiltin(specifier)) {
    const name = specifier.startsWith('node:') ? specifier : `node:${specifier}`;
    if (!layer.builtins || layer.builtins.includes(name) || typeOnly) return undefined;
    return `${layer.name} must not use ${name}`;
  }
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  if (!layer.packages || layer.packages.includes(name)) return undefined;
  return `${layer.name} must not use the package ${name}`;
}

function refuseInside(layer: Layer, { file, typeOnly }: Import, target: string): string | undefined {
  const other = layerOf(target);
  if (!other) return `${target} belongs to no layer of scripts/architecture/layers.ts`;
  if (other === layer) {
    const siblings = layer.apart && layer.files.exec(file)?.[1] !== layer.files.exec(target)?.[1];
    return siblings ? `${file} and ${target} must not know each other` : undefined;
  }
  if (other.name === 'composition' && layer.name !== 'around') return `only scripts start ${target}`;
  if (layer.layers.includes('*') || layer.layers.includes(other.name)) return undefined;
  if (typeOnly && layer.typesOf?.includes(other.name)) return undefined;
  return `${layer.name} must not import ${other.name} (${target})`;
}
