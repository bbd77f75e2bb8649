import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BOOKINFO = join(import.meta.dirname, '..');
const OFFSET = 12_000; // below the ports that systems hand out
const PAGE = `http://127.0.0.1:${8080 + OFFSET}/productpage`;
const built = existsSync(join(BOOKINFO, 'dist/start.js'));

/** The deployment as `npm start` runs it, from the build; `npm run acceptance` looks at everything else. */
describe('bookinfo', function () {
  this.timeout(25_000);
  let stateDir: string;
  let start: ChildProcess;
  let said = '';

  before(function () {
    if (!built) {
      process.stdout.write('bookinfo is not built (npm run build): its smoke test is skipped\n');
      this.skip();
    }
    stateDir = mkdtempSync(join(tmpdir(), 'lateen-bookinfo-'));
    // A HOME of its own: the pointer to lateend in the user's folder stays as it is.
    start = spawn(process.execPath, [join(BOOKINFO, 'bin/start.js'), '--port-offset', String(OFFSET), '--state', stateDir], {
      env: { ...process.env, HOME: stateDir, NODE_OPTIONS: '' },
    });
    for (const stream of [start.stdout, start.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (said += text));
  });

  after(async () => {
    if (start && start.exitCode === null) {
      start.kill('SIGTERM');
      await new Promise((resolve) => start.once('exit', resolve));
    }
    if (stateDir) rmSync(stateDir, { recursive: true, force: true });
  });

  it('shows the page with all three versions of reviews, every one whole, and stops when told to', async () => {
    await bannerShown();
    const versions = new Set<string>();
    for (let load = 0; load < 30; load++) {
      const response = await fetch(PAGE);
      const body = await response.text();
      assert.equal(response.status, 200);
      assert.doesNotMatch(body, /Error fetching|currently unavailable/);
      const version = /reviews-(v\d)/.exec(body)?.[1] as string;
      assert.equal(body.includes('glyphicon glyphicon-star'), version !== 'v1', version);
      versions.add(version);
    }
    assert.deepEqual([...versions].sort(), ['v1', 'v2', 'v3']);

    start.kill('SIGTERM');
    const code = await new Promise((resolve) => start.once('exit', resolve));
    assert.equal(code, 0, said);
    await assert.rejects(fetch(PAGE), 'nobody listens any more');
  });

  async function bannerShown(): Promise<void> {
    while (!said.includes('Ctrl-C drains')) {
      assert.equal(start.exitCode, null, said);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
});
