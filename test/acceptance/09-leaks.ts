import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Bookinfo } from './kit/bookinfo.ts';
import { point } from './kit/check.ts';
import { type CliResult, runNode } from './kit/cli.ts';
import { tokenFile } from './kit/mesh-member.ts';

const program = (name: string): string => join(import.meta.dirname, 'programs', `${name}.ts`);

export const leaks = point<Bookinfo>({
  id: '4.9',
  open: () => Bookinfo.start('leaks', 9_000),
  close: (bookinfo) => bookinfo.stop(),
  checks: [
    {
      name: 'nothing-keeps-the-process-after-close',
      async run(bookinfo, report) {
        const alone = endedWell(await runNode([program('close-ends')]));
        assert.equal(alone.stdout, 'hello\n');
        const joined = endedWell(
          await runNode([program('close-ends-joined')], {
            LATEEN_SERVICE: 'probe',
            LATEEN_CONTROL: `https://127.0.0.1:${bookinfo.deployment.ports.lateend}`,
            LATEEN_TOKEN_FILE: await tokenFile(bookinfo, { service: 'probe', serviceAccount: 'probe', services: ['probe'] }),
          }),
        );
        assert.equal(joined.stdout, '200\n');
        report.say(`ended by themselves after ${Math.round(alone.elapsedMs)} and ${Math.round(joined.elapsedMs)} ms`);
      },
    },
    {
      name: 'heap-from-50-000-to-200-000-requests',
      async run(_bookinfo, report) {
        const { stdout } = endedWell(await runNode(['--expose-gc', program('heap-growth')]));
        const { bytesPerRequest } = JSON.parse(stdout) as { bytesPerRequest: number };
        assert.ok(bytesPerRequest <= 2, `${bytesPerRequest} bytes a request`);
        report.say(`${bytesPerRequest.toFixed(2)} bytes a request`);
      },
    },
    {
      name: 'importing-lateen-changes-no-global',
      async run() {
        const { stdout } = endedWell(await runNode([program('globals')]));
        assert.deepEqual(JSON.parse(stdout), []);
      },
    },
  ],
});

function endedWell(result: CliResult): CliResult {
  assert.equal(result.code, 0, `${result.stderr}${result.stdout}`);
  return result;
}
