import type { InstanceDescription, ServiceDescription } from '@lateen/discovery';
import { type Check, exactly, integer, list, oneOf, optional, record, shape, text } from './check.ts';

/** Body of `PUT /v1/instances/<instance>`. Namespace, service account, labels and workload come from the certificate. */
export interface RegisterBody {
  readonly service: string;
  readonly address: string;
  readonly port: number;
  readonly servicePort: number;
  readonly portName: string;
  readonly tls: 'mutual' | 'none';
  readonly protocols: readonly string[];
  readonly weight: number;
  readonly locality: string;
  readonly admin: string;
}

/** Body of `POST /v1/ack`. */
export interface AckBody {
  readonly instance: string;
  /** The revision it runs, or (with `error`) refused to. */
  readonly revision: number;
  readonly hash: string;
  /** The registry's version it has applied. */
  readonly registryVersion: number;
  /** Why it can't run the revision, one sentence. */
  readonly error?: string;
}

/** Cluster domain of services; the trust domain is another matter. */
export const CLUSTER_DOMAIN = 'cluster.local';

/** `reviews`, `default` → `reviews.default.svc.cluster.local` */
export function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.${CLUSTER_DOMAIN}`.toLowerCase();
}

/** One process may serve on several ports: each is an entry of its own. */
export function instanceKey(instance: Pick<InstanceDescription, 'namespace' | 'instance' | 'servicePort'>): string {
  return `${instance.namespace}/${instance.instance}/${instance.servicePort}`;
}

const name = text(253);
const port = integer(1, 65_535);
const tls = oneOf(['mutual', 'none']);
const protocols = list(text(32), 8);
const NAME = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/;

/** An instance id, a service's short name: what can stand in a path and a host name. */
export function isName(value: string): boolean {
  return NAME.test(value) && !value.endsWith('\n');
}

export const checkRegisterBody: Check<RegisterBody> = exactly<RegisterBody>({
  service: name,
  address: name,
  port,
  servicePort: port,
  portName: text(63),
  tls,
  protocols,
  weight: integer(1, 1_000_000),
  locality: text(),
  admin: text(),
});

export const checkInstance: Check<InstanceDescription> = shape<InstanceDescription>({
  instance: name,
  service: name,
  namespace: name,
  labels: record(text()),
  workload: text(),
  serviceAccount: name,
  address: name,
  port,
  servicePort: port,
  portName: text(63),
  tls,
  protocols,
  weight: integer(1),
  locality: text(),
  admin: text(),
});

export const checkService: Check<ServiceDescription> = shape<ServiceDescription>({
  host: text(),
  name,
  namespace: name,
  ports: list(shape({ number: port, name: text(63), protocol: oneOf(['HTTP', 'HTTP2', 'GRPC', 'HTTPS', 'TLS', 'TCP']) }), 1_000),
  location: oneOf(['mesh', 'external']),
  resolution: oneOf(['registry', 'static', 'dns', 'none']),
  identities: list(text(2048), 10_000),
  origin: () => undefined,
});

export const checkAckBody: Check<AckBody> = exactly<AckBody>({
  instance: name,
  revision: integer(0),
  hash: text(64),
  registryVersion: integer(0),
  error: optional(text(4096)),
});
