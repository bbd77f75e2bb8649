const CLUSTER_DOMAIN = 'svc.cluster.local';
const SERVICE_NAME = /^(?<name>.+)\.(?<namespace>.+)\.svc\.cluster\.local$/;

/** `reviews` as written in `namespace` → `reviews.default.svc.cluster.local`; a name with a dot or a star is as it is. */
export function qualifiedHost(host: string, namespace: string): string {
  return host.startsWith('*') || host.includes('.') ? host : `${host}.${namespace}.${CLUSTER_DOMAIN}`;
}

/** The namespace in `reviews.default.svc.cluster.local`; undefined for any other name. */
export function namespaceOfHost(host: string): string | undefined {
  return SERVICE_NAME.exec(host)?.groups?.['namespace'];
}

/** Two host patterns have a host in common. A star stands for one or more characters before a dot: `*.example.com` is not `example.com`. */
export function hostsOverlap(left: string, right: string): boolean {
  if (left === '*' || right === '*' || left === right) return true;
  const leftSuffix = suffixOf(left);
  const rightSuffix = suffixOf(right);
  if (leftSuffix !== undefined && rightSuffix !== undefined)
    return leftSuffix.endsWith(rightSuffix) || rightSuffix.endsWith(leftSuffix);
  if (leftSuffix !== undefined) return right.endsWith(leftSuffix);
  return rightSuffix !== undefined && left.endsWith(rightSuffix);
}

const suffixOf = (pattern: string): string | undefined => (pattern.startsWith('*') ? pattern.slice(1) : undefined);
