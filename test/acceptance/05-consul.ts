import assert from 'node:assert/strict';
import { nothingFailed, warm } from './04-availability.ts';
import { Bookinfo } from './kit/bookinfo.ts';
import { point } from './kit/check.ts';
import { type RunningComponent, startConsul } from './kit/components.ts';
import { pause, underLoad } from './kit/load.ts';
import { loadPages } from './kit/page.ts';
import { until } from './kit/until.ts';

const CONSUL_PORT = 18_500;

interface Fixture {
  consul: RunningComponent;
  readonly bookinfo: Bookinfo;
}

export const consul = point<Fixture>({
  id: '4.5',
  needs: ['consul'],
  async open() {
    const consul = await startConsul(CONSUL_PORT);
    const bookinfo = await Bookinfo.start('consul', 5_000, { discovery: 'consul', consulUrl: consul.url }).catch(
      async (error) => {
        await consul.kill();
        throw error;
      },
    );
    return { consul, bookinfo };
  },
  async close({ consul, bookinfo }) {
    await bookinfo.stop();
    await consul.kill();
  },
  checks: [
    {
      name: 'the-same-page',
      async run({ bookinfo, consul }, report) {
        const pages = await loadPages(bookinfo.pageUrl, 30);
        assert.deepEqual(
          pages.flatMap(({ failure }) => failure ?? []),
          [],
        );
        assert.equal(new Set(pages.map(({ reviewsVersion }) => reviewsVersion)).size, 3);
        report.say(`${await instancesIn(consul)} instances in Consul`);
      },
    },
    {
      name: 'consul-gone-for-30-s-then-back-empty',
      async run(fixture, report) {
        const bookinfo = await warm(fixture.bookinfo);
        let backMs = 0;
        const result = await underLoad(bookinfo.pageUrl, 45_000, async () => {
          await pause(3_000);
          await fixture.consul.kill();
          await pause(30_000);
          fixture.consul = await startConsul(CONSUL_PORT);
          const returned = performance.now();
          await until('all six to register again', 20_000, async () => (await instancesIn(fixture.consul)) === 6);
          backMs = performance.now() - returned;
        });
        nothingFailed(bookinfo, result, report);
        report.timed('all back', backMs, 10_000);
      },
    },
  ],
});

/** Healthy instances of the four services. */
async function instancesIn({ url }: RunningComponent): Promise<number> {
  let count = 0;
  for (const service of ['productpage', 'details', 'reviews', 'ratings']) {
    const entries = (await (await fetch(`${url}/v1/health/service/${service}?passing`)).json()) as unknown[];
    count += entries.length;
  }
  return count;
}
