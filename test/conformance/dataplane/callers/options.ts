import type { Logger, MeshOptions } from 'lateen';
import type { Case, Workload } from '../corpus.ts';

/** What a case says of the process and of the mesh, as options. */
export function workloadOptions(
  { meshConfig, proxyConfig, istiodEnv = {} }: Case,
  { name = '', namespace, labels, locality }: Partial<Workload> & Pick<Workload, 'namespace' | 'labels'>,
): MeshOptions {
  const { app = name, version, ...others } = labels;
  const mesh = {
    ...meshConfig,
    ...(proxyConfig ? { defaultConfig: proxyConfig } : {}),
    // What Istio leaves to a variable of istiod is mesh configuration here.
    ...(istiodEnv['DISABLE_SHADOW_HOST_SUFFIX'] === 'false' ? { shadowHostSuffix: true } : {}),
  };
  return {
    service: app,
    namespace,
    labels: others,
    ...(version === undefined ? {} : { version }),
    ...(locality === undefined ? {} : { locality }),
    ...(Object.keys(mesh).length > 0 ? { meshConfig: mesh as NonNullable<MeshOptions['meshConfig']> } : {}),
  };
}

export const quietLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
