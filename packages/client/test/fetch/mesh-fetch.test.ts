import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { closeAll, reviews } from '../support/setup.ts';

const run = promisify(execFile);
const PROBE = join(import.meta.dirname, '../support/fetch-probe.ts');

interface Probe {
  readonly globals: readonly boolean[];
  readonly statuses: readonly number[];
  readonly bodies: readonly string[];
  readonly seen: readonly string[];
  readonly standard: readonly unknown[];
  readonly failed: readonly string[];
  readonly aborted: string;
}

describe('meshFetch', () => {
  afterEach(closeAll);

  const others = ['node22', 'node24', 'node26'].map((name) =>
    join(process.env['LATEEN_COMPONENTS'] ?? join(homedir(), '.cache/lateen-components'), name, 'node_modules/node/bin/node'),
  );

  for (const node of [process.execPath, ...others]) {
    const name = node === process.execPath ? 'this Node' : (/node\d+/.exec(node)?.[0] ?? node);
    it(`is the runtime's fetch on ${name}`, async function () {
      if (!existsSync(node)) return this.skip();
      const args = ['--conditions=@lateen/source', '--disable-warning=ExperimentalWarning', '--experimental-strip-types', PROBE];
      const { stdout } = await run(node, args);
      const told = JSON.parse(stdout) as Probe;
      assert.deepEqual(told.statuses, [200, 200, 200, 200]);
      assert.deepEqual(told.bodies, ['got /plain', 'got /text', 'got /form', 'got /request']);
      assert.deepEqual([told.seen[2], told.seen[3], told.seen[6], told.seen[7]], ['again', 'again', 'streamed', 'streamed']);
      assert.match(told.seen[5] ?? '', /name="name"\r\n\r\nvalue/);
      assert.deepEqual([told.standard[0], told.standard[1]], [true, 'http://reviews:9080/plain']);
      assert.deepEqual(told.failed, ['TypeError', 'LATEEN_NO_HEALTHY_ENDPOINT']);
      assert.equal(told.aborted, 'TimeoutError');
    }).timeout(15_000);
  }

  it('follows redirects without a body that the answer took away', async () => {
    const setup = await reviews(1);
    setup.backends[0]!.answer = (request, response) => {
      if (request.url === '/post') response.writeHead(303, { location: '/see' });
      response.end(request.url);
    };
    const answer = await setup.client.fetch('http://reviews:9080/post', { method: 'POST', body: 'x' });
    assert.deepEqual([answer.status, await answer.text(), answer.redirected], [200, '/see', true]);
    assert.deepEqual([setup.backends[0]!.seen[1]!.method, setup.backends[0]!.seen[1]!.body], ['GET', '']);
  });
});
