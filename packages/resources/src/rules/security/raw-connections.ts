import type { Report } from '../report.ts';
import type { PolicyRule } from './authorization-policy.ts';

const OF_CONNECTIONS = /^(?:not)?(?:principals|namespaces|serviceAccounts|ipBlocks|remoteIpBlocks)$/i;
const HTTP_KEYS = /^request\./;

/**
 * Where a DENY asks only what HTTP has, nothing is left of it on a port that is not HTTP: it denies everything there. (Istio warns of sources and
 * operations; conditions are the same trap.)
 */
export function rawConnectionRule({ from, to, when }: PolicyRule, at: string, report: Report): void {
  const sources = from?.flatMap(({ source }) => (source ? [source] : [])) ?? [];
  const operations = to?.flatMap(({ operation }) => (operation ? [operation] : [])) ?? [];
  const asksConnection = sources.some((source) => Object.keys(source).some((field) => OF_CONNECTIONS.test(field)));
  const asksPort = operations.some(({ ports, notPorts }) => ports ?? notPorts);
  const saysNothing = sources.length === 0 && operations.length === 0;
  const isTrap =
    (sources.length > 0 && operations.length === 0 && !asksConnection) ||
    (operations.length > 0 && !asksPort) ||
    (saysNothing && (when?.length ?? 0) > 0 && when?.every(({ key = '' }) => HTTP_KEYS.test(key)) === true);
  if (isTrap)
    report.warning(
      at,
      'configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due to the use of only HTTP attributes in a DENY rule',
      'name the ports in to.operation',
    );
}
