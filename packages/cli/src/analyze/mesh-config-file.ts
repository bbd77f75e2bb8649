import type { Finding } from '@lateen/resources';
import { DEFAULT_MESH_CONFIG, type MeshConfig, readMeshConfig } from '@lateen/resources/analysis';
import { readConfigFile } from '../files.ts';
import type { CliIo } from '../io.ts';

/** The mesh configuration of `--meshConfigFile`; Istio's default without one. */
export async function readMeshConfigFile(
  io: CliIo,
  path: string | undefined,
): Promise<{ readonly meshConfig: MeshConfig; readonly findings: readonly Finding[] }> {
  if (path === undefined) return { meshConfig: DEFAULT_MESH_CONFIG, findings: [] };
  const { file, text } = await readConfigFile(io, path);
  return readMeshConfig(text, file);
}
