import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLateenError } from '@lateen/core';
import { createMesh } from 'lateen';
import { freshFolder, ROOT } from '../kit/bookinfo.ts';
import type { Check } from '../kit/check.ts';
import { runNode } from '../kit/cli.ts';
import { NpmStart } from '../kit/npm-start.ts';
import { processesMentioning } from '../kit/processes.ts';
import { type Fixture, oneSentence } from './fixture.ts';

export const busyPorts: Check<Fixture> = {
  name: 'ports-in-use',
  async run({ bookinfo }, report) {
    const { ports } = bookinfo.deployment;
    const started = await runNode(['examples/bookinfo/bin/start.js', '--port-offset', '8000', '--state', freshFolder('busy')]);
    assert.equal(started.code, 1);
    oneSentence(started.stderr, new RegExp(`port ${ports.page} \\(gateway\\) is in use.*--port-offset`), report);
    const failure = await createMesh({ service: 'prober', config: [], admin: ports.firstAdmin, logger: 'silent' }).catch(
      (error: Error) => error,
    );
    assert.ok(isLateenError(failure) && failure.code === 'LATEEN_PORT_IN_USE');
    oneSentence(failure.message, new RegExp(String(ports.firstAdmin)), report);
  },
};

export const failedStarts: Check<Fixture> = {
  name: 'npm-start-that-can-not-go-on',
  async run(_fixture, report) {
    const unbuilt = mkdtempSync(join(tmpdir(), 'lateen-unbuilt-'));
    cpSync(join(ROOT, 'examples/bookinfo/bin'), unbuilt, { recursive: true });
    writeFileSync(join(unbuilt, 'package.json'), '{"type":"module"}');
    const neverBuilt = await runNode([join(unbuilt, 'start.js')]);
    rmSync(unbuilt, { recursive: true });
    assert.equal(neverBuilt.code, 1);
    oneSentence(neverBuilt.stderr, /lateen.* not built; run `npm run build`/, report);

    const stateDir = freshFolder('broken');
    const args = ['--port-offset', '8100', '--state', stateDir];
    const killed = new NpmStart(args, { HOME: stateDir });
    await killed.banner();
    process.kill(Number(/ratings-v1-1 +(\d+)/.exec(killed.output)?.[1]), 'SIGKILL');
    assert.equal(await killed.exited, 1);
    assert.match(killed.output, /ratings-v1-1 was killed by SIGKILL/);
    assert.deepEqual(processesMentioning(stateDir), []);

    const file = join(stateDir, 'lateend/ca/authority.json');
    writeFileSync(file, '{', { mode: 0o600 });
    const corrupt = new NpmStart(args, { HOME: stateDir });
    assert.equal(await corrupt.exited, 1);
    assert.ok(corrupt.output.includes(file), corrupt.output);
    assert.deepEqual(processesMentioning(stateDir), []);
    report.say(corrupt.output.split('\n').find((line) => line.includes(file)) ?? '');
  },
};
