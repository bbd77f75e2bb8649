import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Bookinfo, WORK } from './kit/bookinfo.ts';
import { point } from './kit/check.ts';
import { promtoolCheck, type RunningComponent, startPrometheus } from './kit/components.ts';
import { joinMesh } from './kit/mesh-member.ts';
import { loadPages } from './kit/page.ts';
import { samples } from './kit/prometheus-text.ts';
import { until } from './kit/until.ts';

const PROMETHEUS_PORT = 16_909;

interface Metrics {
  readonly bookinfo: Bookinfo;
  readonly prometheus: RunningComponent | undefined;
}

export const metrics = point<Metrics>({
  id: '4.6',
  needs: ['prometheus', 'promtool'],
  async open() {
    const bookinfo = await Bookinfo.start('prometheus', 6_200);
    const discovery = `http://127.0.0.1:${bookinfo.deployment.ports.lateendAdmin}/v1/prometheus/targets`;
    const configFile = join(WORK, 'prometheus.yml');
    writeFileSync(configFile, prometheusConfig(discovery));
    return { bookinfo, prometheus: await startPrometheus(PROMETHEUS_PORT, configFile) };
  },
  async close({ bookinfo, prometheus }) {
    await bookinfo.stop();
    await prometheus?.kill();
  },
  checks: [
    {
      name: 'prometheus-finds-every-process',
      async run({ prometheus }, report) {
        const jobs = await until('eight targets that are up', 20_000, async () => {
          const { data } = (await (await fetch(`${prometheus?.url}/api/v1/targets`)).json()) as TargetsReply;
          const up = data.activeTargets.filter(({ health }) => health === 'up');
          return up.length >= 8 && up.map(({ labels }) => labels['workload'] ?? labels['app']);
        });
        report.say([...new Set(jobs)].sort().join(', '));
      },
    },
    {
      name: 'rates-by-workload-and-code',
      async run({ bookinfo, prometheus }, report) {
        await loadPages(bookinfo.pageUrl, 60);
        const query = 'sum(rate(istio_requests_total{reporter="destination"}[30s])) by (destination_workload, response_code)';
        const series = await until('rates of all workloads', 20_000, async () => {
          await loadPages(bookinfo.pageUrl, 10);
          const { data } = (await (
            await fetch(`${prometheus?.url}/api/v1/query?query=${encodeURIComponent(query)}`)
          ).json()) as QueryReply;
          const found = data.result
            .filter(({ value }) => Number(value[1]) > 0)
            .map(({ metric }) => `${metric['destination_workload']} ${metric['response_code']}`);
          return found.length >= 6 && found;
        });
        const expected = ['details-v1', 'productpage-v1', 'ratings-v1', 'reviews-v1', 'reviews-v2', 'reviews-v3'].map(
          (workload) => `${workload} 200`,
        );
        assert.deepEqual(series.sort(), expected);
        report.say(`${series.length} series`);
      },
    },
    {
      name: 'promtool-check-metrics',
      async run({ bookinfo }, report) {
        await loadPages(bookinfo.pageUrl, 5);
        const names = [...bookinfo.deployment.processes.keys()].filter((name) => name !== 'lateend');
        for (const name of names) assert.equal(promtoolCheck(await bookinfo.ask(name, '/stats/prometheus')), '', name);
        assert.equal(
          promtoolCheck(
            await (await fetch(`http://127.0.0.1:${bookinfo.deployment.ports.lateendAdmin}/stats/prometheus`)).text(),
          ),
          '',
          'lateend',
        );
        report.say(`${names.length + 1} processes clean`);
      },
    },
    {
      name: 'an-unconfigured-host-adds-no-label-value',
      async run({ bookinfo }, report) {
        const outside = createServer((_request, response) => response.end('outside'));
        await new Promise<void>((resolve) => outside.listen(0, '0.0.0.0', resolve));
        const { port } = outside.address() as AddressInfo;
        const mesh = await joinMesh(bookinfo, { service: 'details', serviceAccount: 'bookinfo-details', services: [] });
        try {
          const call = async (address: string): Promise<void> =>
            void (await (await mesh.fetch(`http://${address}:${port}/`)).text());
          const values = async (): Promise<Set<string>> =>
            new Set(
              samples(await mesh.metrics.text()).flatMap(({ labels }) =>
                Object.entries(labels).map(([label, value]) => `${label}=${value}`),
              ),
            );
          await call('127.0.0.1');
          const before = await values();
          for (let host = 2; host <= 30; host++) await call(`127.0.0.${host}`);
          const added = [...(await values())].filter((value) => !before.has(value));
          assert.deepEqual(added, []);
          assert.ok([...before].some((value) => value.includes('PassthroughCluster') || value.includes('unknown')));
          report.say('30 hosts, one label');
        } finally {
          await mesh.close();
          outside.close();
          outside.closeAllConnections();
        }
      },
    },
  ],
});

interface TargetsReply {
  readonly data: {
    readonly activeTargets: readonly { readonly health: string; readonly labels: Readonly<Record<string, string>> }[];
  };
}

interface QueryReply {
  readonly data: {
    readonly result: readonly { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] }[];
  };
}

const prometheusConfig = (discovery: string): string => `global:
  scrape_interval: 1s
scrape_configs:
  - job_name: lateen
    metrics_path: /stats/prometheus
    http_sd_configs:
      - url: ${discovery}
        refresh_interval: 2s
`;
