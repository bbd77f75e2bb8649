import assert from 'node:assert/strict';
import { join } from 'node:path';
import { freshFolder, WORK } from './kit/bookinfo.ts';
import { openBrowser } from './kit/browser.ts';
import { point } from './kit/check.ts';
import { pause } from './kit/load.ts';
import { NpmStart } from './kit/npm-start.ts';
import { loadPages } from './kit/page.ts';
import { processesMentioning } from './kit/processes.ts';

const OFFSET = 1_000;
const PAGE = `http://127.0.0.1:${8080 + OFFSET}/productpage`;

interface Fixture {
  readonly stateDir: string;
  readonly args: readonly string[];
  current: NpmStart;
}

export const page = point<Fixture>({
  id: '4.1',
  async open() {
    const stateDir = freshFolder('page');
    const args = ['--port-offset', String(OFFSET), '--state', stateDir];
    return { stateDir, args, current: new NpmStart(args, { HOME: stateDir }) };
  },
  async close({ current }) {
    await current.interrupt();
  },
  checks: [
    {
      name: 'npm-start-to-first-page',
      async run({ current }, report) {
        report.timed('first page', await current.firstPage(PAGE), 8_000);
      },
    },
    {
      name: 'all-versions-in-30-loads',
      async run({ current }, report) {
        await current.firstPage(PAGE);
        const pages = await loadPages(PAGE, 30);
        assert.deepEqual(
          pages.flatMap(({ failure }) => failure ?? []),
          [],
        );
        const counts = ['v1', 'v2', 'v3'].map((version) => pages.filter((one) => one.reviewsVersion === version).length);
        assert.ok(
          counts.every((count) => count > 0),
          `v1, v2, v3: ${counts.join(', ')}`,
        );
        report.say(`v1 ${counts[0]}, v2 ${counts[1]}, v3 ${counts[2]} of 30`);
      },
    },
    {
      name: 'jason-signs-in-and-sees-stars',
      needs: ['chromium'],
      async run({ current }, report) {
        await current.firstPage(PAGE);
        const browser = await openBrowser();
        try {
          const tab = await browser.newPage({ viewport: { width: 1280, height: 820 } });
          const problems: string[] = [];
          tab.on('pageerror', (error) => problems.push(error.message));
          tab.on('response', (response) => response.status() >= 400 && problems.push(`${response.status()} ${response.url()}`));
          await tab.goto(PAGE);
          await tab.getByRole('button', { name: 'Sign in' }).click();
          await tab.getByLabel('User name').fill('jason');
          await tab.getByLabel('Password').fill('anything');
          await tab.locator('form button').click();
          await tab.getByText('Sign out').waitFor();
          assert.ok(await tab.getByText('jason').first().isVisible());
          let loads = 1;
          while ((await tab.locator('svg.star').count()) === 0 && loads++ < 30) await tab.reload();
          assert.ok(await tab.locator('svg.star').first().isVisible());
          await tab.screenshot({ path: join(WORK, '01-jason.png') });
          assert.deepEqual(problems, []);
          report.say(`stars at load ${loads}, screenshot .acceptance/01-jason.png`);
        } finally {
          await browser.close();
        }
      },
    },
    {
      name: 'ctrl-c-leaves-nothing-and-state-survives',
      async run(fixture, report) {
        const { args, stateDir } = fixture;
        const first = fixture.current;
        await first.firstPage(PAGE);
        await first.interrupt();
        assert.match(first.output, /stopping …/);
        await pause(300);
        assert.deepEqual(processesMentioning(stateDir), []);
        fixture.current = new NpmStart(args, { HOME: stateDir });
        await fixture.current.firstPage(PAGE);
        await fixture.current.banner();
        assert.match(fixture.current.output, /revision \d+, 3 files applied; `npm run reset` forgets them/);
        report.say('the second start knows its revision');
      },
    },
    {
      name: 'npm-start-without-the-mesh',
      async run(_fixture, report) {
        const start = new NpmStart(['--no-mesh', '--port-offset', '1100', '--state', freshFolder('no-mesh')]);
        try {
          const url = 'http://127.0.0.1:9180/productpage';
          report.say(`first page ${Math.round(await start.firstPage(url))} ms`);
          const pages = await loadPages(url, 5);
          assert.ok(pages.every(({ failure, stars }) => !failure && stars === 'red'));
        } finally {
          await start.interrupt();
        }
      },
    },
  ],
});
