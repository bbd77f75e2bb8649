/** Everybody. */
export const EVERY_NAMESPACE = '*';

/** The namespaces that see a resource, `*` for all. */
export function exportScopes(exportTo: readonly string[] | undefined, namespace: string): readonly string[] {
  if (!exportTo || exportTo.length === 0 || exportTo.includes(EVERY_NAMESPACE)) return [EVERY_NAMESPACE];
  return [...new Set(exportTo.map((scope) => (scope === '.' ? namespace : scope)))];
}

export function isVisibleIn(scopes: readonly string[], namespace: string): boolean {
  return scopes.includes(EVERY_NAMESPACE) || scopes.includes(namespace);
}
