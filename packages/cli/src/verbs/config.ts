import type { ClusterStatus } from '@lateen/client';
import { STATE_OPTION, withAdmin } from '../admin.ts';
import { UsageError } from '../io.ts';
import { OUTPUT_OPTION, outputFormat, print, table } from '../output.ts';
import { askProcess, findProcess } from '../process-admin.ts';
import type { Verb } from './verb.ts';

const PATHS = { routes: '/routes', clusters: '/clusters', endpoints: '/clusters', certs: '/certs', all: '/config' } as const;
type View = keyof typeof PATHS;

export const configVerb: Verb = (program, io, done) => {
  program
    .command('config')
    .description('what one process believes: routes, clusters, endpoints, certs, or all resources')
    .argument('<view>', Object.keys(PATHS).join(', '))
    .argument('<service>', 'service, workload or instance')
    .option(...OUTPUT_OPTION)
    .option(...STATE_OPTION)
    .action(async (view: string, service: string, options: { output: string; state?: string }) => {
      const format = outputFormat(options.output);
      if (!isView(view)) throw new UsageError(`config ${view}: write one of ${Object.keys(PATHS).join(', ')}`);
      const answer = await withAdmin(io, options, async (admin) => askProcess(await findProcess(admin, service), PATHS[view]));
      print(io, format, answer, () => tableOf(view, answer));
      done(0);
    });
};

function isView(word: string): word is View {
  return Object.hasOwn(PATHS, word);
}

function tableOf(view: View, answer: unknown): string {
  if (view === 'clusters') return clustersTable(answer as ClusterStatus[]);
  if (view === 'endpoints') return endpointsTable(answer as ClusterStatus[]);
  return `${JSON.stringify(answer, null, 2)}\n`;
}

function clustersTable(clusters: readonly ClusterStatus[]): string {
  return table(
    ['CLUSTER', 'POLICY', 'ENDPOINTS', 'AVAILABLE'],
    clusters.map(({ name, policy, endpoints }) => [
      name,
      policy,
      String(endpoints.length),
      String(endpoints.filter((endpoint) => endpoint.available).length),
    ]),
  );
}

function endpointsTable(clusters: readonly ClusterStatus[]): string {
  const rows = clusters.flatMap(({ name, endpoints }) =>
    endpoints.map((endpoint) => [
      endpoint.endpoint,
      endpoint.available ? 'HEALTHY' : 'UNAVAILABLE',
      endpoint.breaker,
      String(endpoint.inFlight),
      endpoint.ewmaMs.toFixed(1),
      name,
    ]),
  );
  return table(['ENDPOINT', 'STATUS', 'BREAKER', 'IN FLIGHT', 'EWMA MS', 'CLUSTER'], rows);
}
