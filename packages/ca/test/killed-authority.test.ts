import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { silentLogger, systemClock } from '@lateen/core';
import { CertificateAuthority, type IssuedCertificate } from '../src/index.ts';

interface Answered {
  readonly joinString: string;
  readonly csr: string;
  readonly issued: IssuedCertificate;
}

/** Joins one workload after the other and tells of each answer, until it is killed. */
const script = `
  import { CertificateAuthority } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))};
  import { createKeyAndRequest } from '@lateen/identity';
  import { systemClock, silentLogger } from '@lateen/core';
  const authority = await CertificateAuthority.open({ stateDir: process.argv[1], trustDomain: 'cluster.local', clock: systemClock, logger: silentLogger,
    joinLimit: { burst: 1e6, perSecond: 1e6 } });
  for (;;) {
    const { joinString } = await authority.createToken({ namespace: 'default', serviceAccount: 'reviews', services: ['reviews'] });
    const { csrDer } = createKeyAndRequest();
    const issued = await authority.attest({ joinSecret: joinString, csrDer, source: 'x' });
    process.stdout.write(JSON.stringify({ joinString, csr: csrDer.toString('base64'), issued }) + '\\n');
  }`;

describe('CertificateAuthority, killed', () => {
  it('forgets nothing that was answered', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lateen-killed-'));
    const stateDir = join(folder, 'ca');
    const answered: Answered[] = [];
    try {
      for (let kill = 0; kill < 3; kill++) {
        const child = spawn(process.execPath, ['--conditions=@lateen/source', '--input-type=module', '-e', script, stateDir], {
          cwd: import.meta.dirname,
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const seen = answered.length;
        for await (const line of createInterface({ input: child.stdout })) {
          answered.push(JSON.parse(line));
          if (answered.length === seen + 4 + kill) child.kill('SIGKILL');
        }
        if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
        assert.equal(child.signalCode, 'SIGKILL');
      }
      const authority = await CertificateAuthority.open({
        stateDir,
        trustDomain: 'cluster.local',
        clock: systemClock,
        logger: silentLogger,
      });
      const audit = readFileSync(join(stateDir, 'audit.jsonl'), 'utf8');
      for (const { joinString, csr, issued } of answered) {
        assert.ok(audit.includes(issued.serial));
        const again = await authority.attest({
          joinSecret: joinString,
          csrDer: Buffer.from(csr, 'base64'),
          source: issued.serial,
        });
        assert.deepEqual(again, issued);
      }
      await authority.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
