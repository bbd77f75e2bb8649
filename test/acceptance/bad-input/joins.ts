import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectControl } from '@lateen/control';
import { channelSink, type Clock, systemClock, systemRandom } from '@lateen/core';
import { createMesh } from 'lateen';
import type { Check } from '../kit/check.ts';
import { lateen } from '../kit/cli.ts';
import { fileWith, listeningLogger, meshOptions, tokenFile } from '../kit/mesh-member.ts';
import { until } from '../kit/until.ts';
import { failureOf, type Fixture, oneSentence, PROBER } from './fixture.ts';

export const unreachableLateend: Check<Fixture> = {
  name: 'unreachable-lateend',
  async run({ bookinfo }, report) {
    const adminFile = join(bookinfo.stateDir, 'elsewhere.json');
    const real = JSON.parse(readFileSync(join(bookinfo.deployment.lateendState, 'admin.json'), 'utf8')) as object;
    writeFileSync(adminFile, JSON.stringify({ ...real, url: 'https://127.0.0.1:9' }), { mode: 0o600 });
    const told = await lateen(['status'], { LATEEN_ADMIN_FILE: adminFile });
    assert.equal(told.code, 1);
    oneSentence(told.stderr, /127\.0\.0\.1:9/, report);

    const logger = listeningLogger();
    const mesh = await createMesh({
      ...meshOptions(bookinfo, 'prober', 'prober'),
      control: 'https://127.0.0.1:9',
      identity: { tokenFile: await tokenFile(bookinfo, PROBER) },
      logger,
    });
    const failure = await failureOf(() => mesh.fetch('http://reviews:9080/reviews/0'));
    assert.equal(failure.status, 503);
    await until('a word about lateend', 3_000, async () => logger.lines.some((line) => line.includes('127.0.0.1:9')));
    await mesh.close();
  },
};

export const wrongToken: Check<Fixture> = {
  name: 'wrong-join-token',
  async run({ bookinfo }, report) {
    const good = readFileSync(await tokenFile(bookinfo, PROBER), 'utf8');
    const [prefix, secret, pin] = good.split('.') as [string, string, string];
    const other = Buffer.alloc(Buffer.from(secret, 'base64url').length, 7).toString('base64url');
    for (const [what, text] of [
      ['a wrong secret', `${prefix}.${other}.${pin}`],
      ['another authority’s pin', `${prefix}.${secret}.${'0'.repeat(64)}`],
      ['no join string', 'password'],
    ] as const) {
      const logger = listeningLogger();
      const mesh = await createMesh({
        ...meshOptions(bookinfo, 'prober', 'prober'),
        identity: { tokenFile: fileWith(bookinfo, text) },
        logger,
      });
      const line = await until(`a word about ${what}`, 5_000, async () =>
        logger.lines.find((one) => /token|join|authority|pin/i.test(one)),
      );
      oneSentence(line, /./, report);
      assert.equal((await failureOf(() => mesh.fetch('http://reviews:9080/reviews/0'))).status, 503);
      await mesh.close();
    }
  },
};

export const wrongClock: Check<Fixture> = {
  name: 'clock-ten-minutes-off-at-the-first-join',
  async run({ bookinfo }, report) {
    for (const offMs of [600_000, -600_000]) {
      const clock: Clock = { ...systemClock, wallNow: () => systemClock.wallNow() + offMs };
      const logger = listeningLogger();
      const control = connectControl({
        url: `https://127.0.0.1:${bookinfo.deployment.ports.lateend}`,
        namespace: 'default',
        serviceAccount: 'prober',
        service: 'prober',
        workload: 'prober',
        instance: `prober-${offMs > 0 ? 'ahead' : 'behind'}`,
        adminAddress: () => '',
        tokenFile: await tokenFile(bookinfo, PROBER),
        clock,
        random: systemRandom,
        logger,
        events: channelSink,
      });
      const problem = await until('a word about the clock', 5_000, async () =>
        [control.problem.value ?? '', ...logger.lines].find((line) => line.includes('clock')),
      );
      oneSentence(problem, offMs > 0 ? /10m ahead/ : /10m behind/, report);
      await control.close();
    }
  },
};
