import type { AnalysisContext } from '../analysis-context.ts';

/** What servers of a namespace take, as far as its own and the mesh's PeerAuthentication say; undefined where neither does. */
export function namespaceMode(
  { of, meshConfig }: Pick<AnalysisContext, 'of' | 'meshConfig'>,
  namespace: string,
): string | undefined {
  const modes = [namespace, meshConfig.rootNamespace].map(
    (scope) =>
      of('PeerAuthentication').find(({ spec, metadata }) => metadata.namespace === scope && !spec.selector)?.spec.mtls?.mode,
  );
  return modes.find((mode) => mode !== undefined && mode !== 'UNSET');
}
