import type { MeshClient } from '@lateen/client';
import { hideSecrets, type Revision } from '@lateen/resources';
import type { IdentitySource } from '@lateen/identity';
import type { MeshMetrics } from '@lateen/telemetry';
import type { Watched } from '@lateen/core';
import type { EventBus } from '../event-bus.ts';
import type { Readiness } from '../readiness.ts';
import type { AdminReply, AdminRoute } from './admin-server.ts';

/** What the admin endpoint can show; everything is read at the moment of the question. */
export interface AdminView {
  readonly metrics: MeshMetrics;
  readonly readiness: Readiness;
  readonly client: Pick<MeshClient, 'routes' | 'clusters' | 'explain'>;
  readonly revision: Watched<Revision>;
  readonly identity: IdentitySource | undefined;
  readonly events: EventBus;
}

/** The paths of the admin endpoint (surface: `docs/operations.md`). */
export function adminRoutes(view: AdminView): ReadonlyMap<string, AdminRoute> {
  return new Map<string, AdminRoute>([
    ['/healthz/live', () => ({ body: 'live\n' })],
    ['/healthz/ready', () => ready(view.readiness)],
    ['/stats/prometheus', async () => ({ body: await view.metrics.text(), contentType: view.metrics.contentType })],
    ['/config', () => ({ body: config(view.revision.value) })],
    ['/routes', () => ({ body: view.client.routes() })],
    ['/clusters', () => ({ body: view.client.clusters() })],
    ['/certs', () => ({ body: certificates(view.identity) })],
    ['/explain', (query) => explain(view.client, query)],
    ['/events', () => ({ body: view.events.recent })],
  ]);
}

function ready(readiness: Readiness): AdminReply {
  const { problems } = readiness;
  return problems.length === 0 ? { body: 'ready\n' } : { status: 503, body: `${problems.join('\n')}\n` };
}

function config(revision: Revision): object {
  const { number, hash, author, time, resources } = revision;
  return {
    revision: number,
    hash,
    author,
    time,
    resources: resources.map(hideSecrets).map(({ apiVersion, kind, metadata, spec, origin }) => ({
      apiVersion,
      kind,
      metadata,
      spec,
      file: origin.file,
      line: origin.line,
    })),
  };
}

function certificates(identity: IdentitySource | undefined): object {
  const svid = identity?.svid.value;
  return {
    problem: identity?.problem.value ?? null,
    certificate: svid
      ? {
          id: svid.id,
          serial: svid.serial,
          notBefore: svid.notBefore,
          notAfter: svid.notAfter,
          labels: svid.labels ?? null,
          services: svid.services,
        }
      : null,
    authorities: [...(identity?.bundles.value.values() ?? [])].map((bundle) => ({
      trustDomain: bundle.trustDomain,
      sequence: bundle.sequence,
      authorities: bundle.authorities.map((authority) => ({
        subject: authority.subject,
        fingerprint: authority.fingerprint256,
        notAfter: authority.validTo,
      })),
    })),
  };
}

function explain(client: AdminView['client'], query: URLSearchParams): AdminReply {
  const url = query.get('url');
  if (!url)
    return {
      status: 400,
      body: { error: 'no url given; ask /explain?url=http://reviews:9080/reviews/0&method=GET&header=end-user:jason' },
    };
  const headers = query.getAll('header').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const];
  });
  return { body: client.explain({ url, method: query.get('method') ?? 'GET', headers }) };
}
