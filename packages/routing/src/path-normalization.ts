import type { PathNormalization } from '@lateen/core';
import type { MeshConfig } from './mesh-config.ts';

/** The mode that the mesh configuration asks for; undefined when it says nothing. */
export function pathNormalization({ pathNormalization: setting }: MeshConfig): PathNormalization | undefined {
  const mode = setting?.normalization;
  return mode === 'DEFAULT' ? 'BASE' : mode;
}
