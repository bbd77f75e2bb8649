/** How a resource came to be seen from a namespace; what is nearer comes first where order decides. */
export const SEEN = { private: 0, named: 1, public: 2, hidden: 3 } as const;

export type Seen = (typeof SEEN)[keyof typeof SEEN];

/**
 * How a resource in `ownNamespace` with this `exportTo` is seen from `namespace`: kept to its own namespace, exported to that
 * one by name, to all, or not at all.
 *
 * @param otherwise what an absent or empty `exportTo` means: the mesh configuration's default, itself everybody when absent.
 */
export function seenFrom(
  exportTo: readonly string[] | undefined,
  ownNamespace: string,
  namespace: string,
  otherwise: readonly string[] | undefined,
): Seen {
  const targets = exportTo?.length ? exportTo : (otherwise ?? []);
  if (targets.length === 0) return SEEN.public;
  if (targets.includes('*')) return SEEN.public;
  if (targets.some((target) => target === '.' || target === ownNamespace) && ownNamespace === namespace) return SEEN.private;
  return targets.includes(namespace) ? SEEN.named : SEEN.hidden;
}
