import { originText } from '@lateen/core';
import type { ServiceDescription } from '@lateen/discovery';
import type { CompileContext } from './compile-context.ts';
import { authorityHost, hostCovers, shortNames } from './host-names.ts';
import type { RouteRequest } from './route.ts';

/** Why a caller in the mesh finds no virtual host where there is a service of that name; undefined where there is none. */
export function whyUnknown(
  { input, egress }: Pick<CompileContext, 'input' | 'egress'>,
  { authority, port }: RouteRequest,
): string | undefined {
  const name = authorityHost(authority);
  const { namespace } = input.self;
  const isMeant = ({ host }: ServiceDescription): boolean => hostCovers(host, name) || shortNames(host, namespace).includes(name);
  const services = input.services.filter(isMeant);
  const [first] = services;
  if (!first) return undefined;
  if (!services.some(({ ports }) => ports.some(({ number }) => number === port))) {
    const ports = first.ports.map(({ number }) => number).join(', ');
    return `${first.host} has no port ${port}, only ${ports || 'none'}`;
  }
  const { sidecar } = egress;
  if (sidecar && !egress.viewOf(port)?.services.some(isMeant))
    return `the Sidecar (${originText(sidecar.origin)}) hides ${first.host}`;
  return `${first.host} is not exported to namespace ${namespace}`;
}
