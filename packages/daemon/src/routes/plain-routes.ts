import { API_PATHS, type StatusReply } from '@lateen/control';
import { ANSWERED, type Route } from '../http/route.ts';

/** On lateend and on every process alike. */
const METRICS_PATH = '/stats/prometheus';

/** Where Prometheus scrapes one process, in the shape of its HTTP service discovery. */
export interface ScrapeTarget {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** What the plaintext loopback port answers: probes and Prometheus. Nothing here changes anything. */
export function plainRoutes(status: () => StatusReply, ownAddress: () => string): Route[] {
  const text = (path: string, body: () => { readonly status: number; readonly type: string; readonly text: string }): Route => ({
    method: 'GET',
    path,
    access: 'anyone',
    handle({ response }) {
      const answer = body();
      response.writeHead(answer.status, { 'content-type': answer.type, 'cache-control': 'no-store' }).end(answer.text);
      return ANSWERED;
    },
  });
  return [
    { method: 'GET', path: API_PATHS.prometheusTargets, access: 'anyone', handle: () => scrapeTargets(status(), ownAddress()) },
    text('/healthz', () => ({ status: 200, type: 'text/plain', text: 'ok\n' })),
    text('/readyz', () => {
      const { problems } = status();
      return { status: problems.length > 0 ? 503 : 200, type: 'text/plain', text: `${problems.join('\n') || 'ok'}\n` };
    }),
    text(METRICS_PATH, () => ({
      status: 200,
      type: 'text/plain; version=0.0.4; charset=utf-8',
      text: metricsText(status()),
    })),
  ];
}

/** Every process with an admin port, as its stream or its registration tells it, and lateend itself. */
function scrapeTargets({ processes, instances }: StatusReply, own: string): ScrapeTarget[] {
  const labels = new Map<string, ScrapeTarget['labels']>();
  for (const { admin, service, namespace, workload, instance } of instances) {
    labels.set(admin, { app: service, namespace, workload, lateen_instance: instance });
  }
  for (const { adminAddress, service, namespace, workload, instance } of processes) {
    labels.set(adminAddress, { app: service, namespace, workload, lateen_instance: instance });
  }
  labels.set(own, { app: 'lateend' });
  labels.delete('');
  return [...labels].map(([address, given]) => ({ targets: [address], labels: { ...given, __metrics_path__: METRICS_PATH } }));
}

/** A handful of gauges, read when asked. */
function metricsText({ revision, registryVersion, processes, instances, problems, startedAt }: StatusReply): string {
  const connected = processes.filter((process) => process.connected).length;
  const current = processes.filter((process) => process.connected && process.revision === revision && !process.error).length;
  const gauge = (name: string, help: string, value: number): string =>
    `# HELP lateend_${name} ${help}\n# TYPE lateend_${name} gauge\nlateend_${name} ${value}\n`;
  return [
    gauge('config_revision', 'Number of the current configuration revision.', revision),
    gauge('registry_version', 'Version of the registry; grows with each change.', registryVersion),
    gauge('registered_instances', 'Instances in the registry.', instances.length),
    gauge('connected_processes', 'Processes with an open stream.', connected),
    gauge('current_processes', 'Connected processes that run the current revision.', current),
    gauge('problems', 'What keeps lateend from being ready.', problems.length),
    gauge('start_time_seconds', 'When lateend started, seconds since the epoch.', startedAt / 1_000),
  ].join('');
}
