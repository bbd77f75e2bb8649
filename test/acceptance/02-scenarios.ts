import assert from 'node:assert/strict';
import { Bookinfo } from './kit/bookinfo.ts';
import { type Check, point, type Report } from './kit/check.ts';
import { apply, applyText, type CliResult } from './kit/cli.ts';
import { type LoadedPage, loadPage, loadPages, login } from './kit/page.ts';
import { served } from './kit/prometheus-text.ts';
import { until } from './kit/until.ts';

interface Fixture {
  readonly bookinfo: Bookinfo;
  readonly jason: string;
}

const APPLY_GATE_MS = 1_000;

const requestRouting: Check<Fixture> = {
  name: 'request-routing',
  async run({ bookinfo, jason }, report) {
    inForce(report, await apply(bookinfo, 'destination-rule-all', 'virtual-service-all-v1'));
    allShow('none', await loadPages(bookinfo.pageUrl, 30));
    inForce(report, await apply(bookinfo, 'virtual-service-reviews-test-v2'));
    allShow('black', await loadPages(bookinfo.pageUrl, 15, jason));
    allShow('none', await loadPages(bookinfo.pageUrl, 15));
  },
};

const faultDelay: Check<Fixture> = {
  name: 'fault-delay',
  async run({ bookinfo, jason }, report) {
    await apply(bookinfo, 'virtual-service-all-v1', 'virtual-service-reviews-test-v2');
    inForce(report, await apply(bookinfo, 'virtual-service-ratings-test-delay'));
    const [late, others] = await Promise.all([loadPage(bookinfo.pageUrl, jason), loadPages(bookinfo.pageUrl, 5)]);
    assert.ok(late.body.includes('Error fetching product reviews'), 'jason reads that the reviews are missing');
    assert.ok(late.body.includes('Sorry, product reviews are currently unavailable for this book.'));
    within(late.elapsedMs, 5_900, 7_500, 'jason waits for twice three seconds');
    allShow('none', others);
    assert.ok(
      others.every(({ elapsedMs }) => elapsedMs < 2_000),
      'others do not wait',
    );
    report.say(`jason ${Math.round(late.elapsedMs)} ms`);

    await apply(bookinfo, 'virtual-service-reviews-v3');
    await applyText(bookinfo, ratingsFault('delay: { percentage: { value: 100 }, fixedDelay: 2s }'));
    const mended = await loadPage(bookinfo.pageUrl, jason);
    allShow('red', [mended]);
    within(mended.elapsedMs, 1_950, 3_500, 'the mended version waits for the delay alone');
    report.say(`mended ${Math.round(mended.elapsedMs)} ms`);
  },
};

const faultAbort: Check<Fixture> = {
  name: 'fault-abort',
  async run({ bookinfo, jason }, report) {
    await apply(bookinfo, 'virtual-service-all-v1', 'virtual-service-reviews-test-v2');
    inForce(report, await apply(bookinfo, 'virtual-service-ratings-test-abort'));
    for (const page of await loadPages(bookinfo.pageUrl, 5, jason)) {
      assert.equal(page.body.split('Ratings service is currently unavailable').length - 1, 2);
      assert.ok(page.elapsedMs < 1_000, `at once, not after ${page.elapsedMs} ms`);
      assert.equal(page.reviewsVersion, 'v2');
    }
    allShow('none', await loadPages(bookinfo.pageUrl, 5));
    await applyText(bookinfo, DETAILS_555);
    const page = await loadPage(bookinfo.pageUrl);
    assert.ok(page.body.includes('Sorry, product details are currently unavailable for this book.'));
    await apply(bookinfo, 'virtual-service-all-v1');
    allShow('none', [await loadPage(bookinfo.pageUrl)]);
  },
};

const trafficShifting: Check<Fixture> = {
  name: 'traffic-shifting',
  async run({ bookinfo }, report) {
    inForce(report, await apply(bookinfo, 'virtual-service-all-v1'));
    allShow('none', await loadPages(bookinfo.pageUrl, 30));
    inForce(report, await apply(bookinfo, 'virtual-service-reviews-50-v3'));
    const pages = await loadPages(bookinfo.pageUrl, 400); // of 100, one run in twenty would stray further than 10 by chance
    const share = (100 * pages.filter(({ stars }) => stars === 'red').length) / pages.length;
    assert.ok(pages.every(({ reviewsVersion }) => reviewsVersion !== 'v2'));
    assert.ok(share > 40 && share < 60, `${share} % red`);
    report.say(`${share} % red`);
    inForce(report, await apply(bookinfo, 'virtual-service-reviews-v3'));
    allShow('red', await loadPages(bookinfo.pageUrl, 30));
  },
};

const requestTimeouts: Check<Fixture> = {
  name: 'request-timeouts',
  async run({ bookinfo }, report) {
    await apply(bookinfo, 'virtual-service-all-v1');
    await applyText(bookinfo, `${ratingsFault('delay: { percentage: { value: 100 }, fixedDelay: 2s }')}---\n${ALL_TO_V2}`);
    const patient = await loadPage(bookinfo.pageUrl);
    allShow('black', [patient]);
    within(patient.elapsedMs, 1_950, 3_000, 'without a timeout the page takes the delay');
    inForce(report, await apply(bookinfo, 'reviews-timeout'));
    const cut = await loadPage(bookinfo.pageUrl);
    assert.equal(cut.failure, 'Error fetching product reviews');
    assert.ok(cut.body.includes('Sorry, product reviews are currently unavailable for this book.'));
    within(cut.elapsedMs, 950, 1_900, 'twice half a second');
    report.say(`without ${Math.round(patient.elapsedMs)} ms, with ${Math.round(cut.elapsedMs)} ms`);
  },
};

const mirroring: Check<Fixture> = {
  name: 'mirroring',
  async run({ bookinfo }, report) {
    await apply(bookinfo, 'virtual-service-all-v1');
    inForce(report, await apply(bookinfo, 'reviews-mirror-v2'));
    const before = { v2: await served(bookinfo, 'reviews-v2-1'), ratings: await served(bookinfo, 'ratings-v1-1') };
    const pages = await loadPages(bookinfo.pageUrl, 40);
    allShow('none', pages);
    assert.ok(pages.every(({ reviewsVersion }) => reviewsVersion === 'v1'));
    await until('40 copies at reviews v2, and as many calls of ratings', 5_000, async () => {
      const seen = {
        v2: (await served(bookinfo, 'reviews-v2-1')) - before.v2,
        ratings: (await served(bookinfo, 'ratings-v1-1')) - before.ratings,
      };
      return seen.v2 === 40 && seen.ratings === 40;
    });
    report.say('40 pages by v1, 40 copies at v2, 40 calls of ratings');
    await apply(bookinfo, 'virtual-service-all-v1');
  },
};

/** The scenarios of Istio's tasks, by its own YAML, once for each way a call can fail. */
export const scenarios = (['natural', 'respond'] as const).map((errors, index) =>
  point<Fixture>({
    id: `4.2 ${errors}`,
    async open() {
      const bookinfo = await Bookinfo.start(`scenarios-${errors}`, 2_100 + 100 * index, {
        environment: { LATEEN_ERRORS: errors },
      });
      return { bookinfo, jason: await login(bookinfo.pageUrl, 'jason') };
    },
    close: ({ bookinfo }) => bookinfo.stop(),
    checks: [requestRouting, faultDelay, faultAbort, trafficShifting, requestTimeouts, mirroring],
  }),
);

/** How long the command took: when it returned, every process had the rule. */
function inForce(report: Report, { elapsedMs, stderr }: CliResult): void {
  assert.match(stderr, /in force in (\d+) of \1 processes/);
  report.timed('apply', elapsedMs, APPLY_GATE_MS);
}

function allShow(stars: LoadedPage['stars'], pages: readonly LoadedPage[]): void {
  assert.deepEqual([...new Set(pages.map(({ failure }) => failure))], [undefined]);
  assert.deepEqual([...new Set(pages.map((page) => page.stars))], [stars]);
}

function within(value: number, low: number, high: number, what: string): void {
  assert.ok(value >= low && value <= high, `${what}: ${Math.round(value)} ms is not within ${low} and ${high}`);
}

const virtualService = (name: string, http: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name} }
spec:
  hosts: [${name}]
  http:
${http}
`;

const ratingsFault = (fault: string): string =>
  virtualService('ratings', `    - fault: { ${fault} }\n      route: [{ destination: { host: ratings, subset: v1 } }]`);
const ALL_TO_V2 = virtualService('reviews', '    - route: [{ destination: { host: reviews, subset: v2 } }]');
const DETAILS_555 = virtualService(
  'details',
  '    - fault: { abort: { percentage: { value: 100 }, httpStatus: 555 } }\n      route: [{ destination: { host: details, subset: v1 } }]',
);
