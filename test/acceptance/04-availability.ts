import assert from 'node:assert/strict';
import { Bookinfo } from './kit/bookinfo.ts';
import { accessLines, flaggedLines } from './kit/access-log.ts';
import { type Check, point, type Report, seconds } from './kit/check.ts';
import { type LoadResult, pause, underLoad } from './kit/load.ts';
import { WORKLOADS } from '@lateen-examples/bookinfo';
import { until } from './kit/until.ts';

const TWO_OF_EACH = new Map(WORKLOADS.map(({ name }) => [name, 2]));

const killOne: Check<Bookinfo> = {
  name: 'kill-9-of-one-reviews-v2',
  async run(bookinfo, report) {
    const result = await underLoad(bookinfo.pageUrl, 20_000, async () => {
      await pause(6_000);
      bookinfo.process('reviews-v2-1').kill('SIGKILL');
    });
    nothingFailed(bookinfo, result, report);
    await bookinfo.deployment.restart('reviews-v2-1');
  },
};

const rollingRestart: Check<Bookinfo> = {
  name: 'rolling-restart-of-every-service',
  async run(bookinfo, report) {
    const old = [...bookinfo.deployment.processes.values()].filter(
      ({ name, running }) => running && name !== 'gateway' && name !== 'lateend',
    );
    const result = await underLoad(bookinfo.pageUrl, 20_000, async () => {
      for (const one of old) {
        await bookinfo.deployment.add(one.name.replace(/-\d+$/, ''));
        await one.stop();
        assert.deepEqual(await one.exited, { code: 0, signal: null });
      }
    });
    nothingFailed(bookinfo, result, report);
    report.say(`${old.length} processes replaced`);
  },
};

const withoutLateend: Check<Bookinfo> = {
  name: 'lateend-gone-for-60-s',
  async run(bookinfo, report) {
    const victim = bookinfo.processesOf('ratings')[0]?.name as string;
    const certificate = await serialOf(bookinfo, victim);
    const result = await underLoad(bookinfo.pageUrl, 80_000, async () => {
      await pause(3_000);
      bookinfo.process('lateend').kill('SIGKILL');
      await pause(20_000);
      bookinfo.process(victim).kill('SIGKILL');
      const back = await bookinfo.deployment.restart(victim);
      assert.equal(await serialOf(bookinfo, back.name), certificate, 'it came back with the certificate it kept');
      await pause(40_000);
      await bookinfo.deployment.restart('lateend');
    });
    nothingFailed(bookinfo, result, report);
    await until('every process to be back at lateend', 20_000, async () => {
      const { processes, revision } = await bookinfo.admin.status();
      return processes.filter(({ connected }) => connected).every((one) => one.revision === revision) && processes.length >= 13;
    });
    report.say('a killed service came back meanwhile with its own certificate');
  },
};

const shortCertificates: Check<Bookinfo> = {
  name: 'certificates-of-30-s-for-2-minutes',
  async run(bookinfo, report) {
    const serials = new Map<string, Set<string>>();
    const note = async (): Promise<void> => {
      for (const { workload, certificateSerial } of (await bookinfo.admin.status()).processes) {
        if (!serials.has(workload)) serials.set(workload, new Set());
        serials.get(workload)?.add(certificateSerial);
      }
    };
    const result = await underLoad(bookinfo.pageUrl, 120_000, async () => {
      for (let elapsed = 0; elapsed < 118; elapsed += 2) await Promise.all([note(), pause(2_000)]);
    });
    nothingFailed(bookinfo, result, report);
    const renewals = [...serials.values()].map((seen) => seen.size - 1);
    assert.equal(serials.size, 7);
    assert.ok(Math.min(...renewals) >= 3, `renewals by process: ${renewals.join(', ')}`);
    report.say(`${Math.min(...renewals)} to ${Math.max(...renewals)} renewals each`);
  },
};

export const availability = [
  point<Bookinfo>({
    id: '4.4',
    open: async () => warm(await Bookinfo.start('availability', 4_000, { instances: TWO_OF_EACH })),
    close: (bookinfo) => bookinfo.stop(),
    checks: [killOne, rollingRestart, withoutLateend],
  }),
  point<Bookinfo>({
    id: '4.4',
    open: async () =>
      warm(await Bookinfo.start('short-certificates', 4_100, { lateendArguments: ['--cert-ttl', '30s', '--min-ttl', '10s'] })),
    close: (bookinfo) => bookinfo.stop(),
    checks: [shortCertificates],
  }),
];

/** Code that has just been loaded is slow for its first thousand requests; that is not what these checks are about. */
export async function warm(bookinfo: Bookinfo): Promise<Bookinfo> {
  await underLoad(bookinfo.pageUrl, 5_000, async () => {}, 50);
  return bookinfo;
}

export function nothingFailed(bookinfo: Bookinfo, { requests, failures, p50Ms, p99Ms, maxMs }: LoadResult, report: Report): void {
  report.say(`${requests} pages, ${failures.length} failed, p50 ${seconds(p50Ms)}, p99 ${seconds(p99Ms)}, max ${seconds(maxMs)}`);
  const reasons = [...new Set(failures.map(({ atMs, reason }) => `at ${seconds(atMs)}: ${reason}`))];
  assert.deepEqual(reasons.slice(0, 10), []);
  const log = bookinfo.process('gateway').log();
  assert.ok(accessLines(log).length >= requests, 'the gateway logged every page');
  assert.deepEqual(flaggedLines(log).slice(0, 5), []);
}

async function serialOf(bookinfo: Bookinfo, process: string): Promise<string> {
  const { certificate } = JSON.parse(await bookinfo.ask(process, '/certs')) as { certificate: { serial: string } };
  return certificate.serial;
}
