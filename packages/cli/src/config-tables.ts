import type { ClusterStatus, MeshClient } from '@lateen/client';
import type { RuleOrigin } from '@lateen/core';
import { subjectText, table, untilText } from './output.ts';

/** What `/config` of a process tells, as far as the table shows it. */
interface ProcessConfig {
  readonly revision: number;
  readonly hash: string;
  readonly resources: readonly (Pick<RuleOrigin, 'kind' | 'file' | 'line'> & {
    readonly metadata: { readonly namespace: string; readonly name: string };
  })[];
}

/** What `/certs` of a process tells, as far as the table shows it. */
interface ProcessCertificates {
  readonly problem: string | null;
  /** `notAfter`: epoch ms. */
  readonly certificate: { readonly id: string; readonly serial: string; readonly notAfter: number } | null;
  readonly authorities: readonly {
    readonly trustDomain: string;
    /** `notAfter`: `Jan  1 00:00:00 2027 GMT`. */
    readonly authorities: readonly { readonly subject: string; readonly fingerprint: string; readonly notAfter: string }[];
  }[];
}

/** The answers of a process's admin endpoint as tables. */
export const CONFIG_TABLES = {
  routes: (answer: unknown) => routesTable(answer as ReturnType<MeshClient['routes']>),
  clusters: (answer: unknown) => clustersTable(answer as ClusterStatus[]),
  endpoints: (answer: unknown) => endpointsTable(answer as ClusterStatus[]),
  certs: (answer: unknown, nowMs: number) => certificatesTable(answer as ProcessCertificates, nowMs),
  all: (answer: unknown) => configTable(answer as ProcessConfig),
};

function routesTable(routes: ReturnType<MeshClient['routes']>): string {
  return table(
    ['HOST', 'PORT', 'MATCH', 'ACTION', 'FROM'],
    routes.map(({ host, port, conditions, action, resource, file, line }) => [
      host,
      String(port),
      conditions.join(' and ') || '*',
      action,
      file ? `${file}:${line}` : resource,
    ]),
  );
}

function clustersTable(clusters: readonly ClusterStatus[]): string {
  return table(
    ['HOST', 'PORT', 'SUBSET', 'AVAILABLE', 'IN FLIGHT', 'PENDING', 'ALGORITHM', 'POLICY'],
    clusters.map(({ host, port, subset, endpoints, inFlight, pending, algorithm, policy }) => [
      host,
      String(port),
      subset || '-',
      `${endpoints.filter(({ available }) => available).length}/${endpoints.length}`,
      String(inFlight),
      String(pending),
      algorithm,
      policy || '-',
    ]),
  );
}

function endpointsTable(clusters: readonly ClusterStatus[]): string {
  const rows = clusters.flatMap(({ name, endpoints }) =>
    endpoints.map(({ endpoint, workload, available, breaker, tls, inFlight, ewmaMs, requests, failures }) => [
      endpoint,
      workload,
      available ? 'HEALTHY' : 'UNAVAILABLE',
      breaker,
      tls,
      String(inFlight),
      ewmaMs === 0 ? '-' : ewmaMs.toFixed(1),
      `${failures}/${requests}`,
      name,
    ]),
  );
  return table(['ENDPOINT', 'WORKLOAD', 'STATUS', 'BREAKER', 'TLS', 'IN FLIGHT', 'EWMA MS', 'FAILED', 'CLUSTER'], rows);
}

function certificatesTable({ problem, certificate, authorities }: ProcessCertificates, nowMs: number): string {
  const own = certificate ? [['own', certificate.id, untilText(certificate.notAfter, nowMs), certificate.serial]] : [];
  const trusted = authorities.flatMap(({ trustDomain, authorities: ofDomain }) =>
    ofDomain.map(({ subject, notAfter, fingerprint }) => [
      `trusts ${trustDomain}`,
      subjectText(subject),
      untilText(Date.parse(notAfter), nowMs),
      fingerprint,
    ]),
  );
  return `${problem ? `! ${problem}\n` : ''}${table(['WHAT', 'SUBJECT', 'ENDS', 'SERIAL OR FINGERPRINT'], [...own, ...trusted])}`;
}

function configTable({ revision, hash, resources }: ProcessConfig): string {
  const rows = resources.map(({ metadata, kind, file, line }) => [metadata.namespace, kind, metadata.name, `${file}:${line}`]);
  return `revision ${revision} (${hash})\n\n${table(['NAMESPACE', 'KIND', 'NAME', 'FROM'], rows)}`;
}
