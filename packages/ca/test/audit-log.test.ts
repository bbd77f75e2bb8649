import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeClock } from '@lateen/core/testing';
import { AuditLog } from '../src/audit-log.ts';

describe('AuditLog', () => {
  let folder: string;
  let path: string;
  let log: AuditLog;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lateen-audit-'));
    path = join(folder, 'audit.jsonl');
    log = await AuditLog.open(path, fakeClock());
  });
  afterEach(async () => {
    await log.close().catch(() => {});
    rmSync(folder, { recursive: true });
  });

  const append = (serial: string) => log.append({ event: 'issued', serial });
  const lines = () =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  const reopen = async () => {
    await log.close().catch(() => {});
    log = await AuditLog.open(path, fakeClock());
  };

  it('chains each line to the one before, across restarts', async () => {
    await append('1');
    await Promise.all([append('2'), append('3')]);
    await reopen();
    await append('4');
    assert.deepEqual(
      lines().map(({ sequence, serial }) => [sequence, serial]),
      [
        [1, '1'],
        [2, '2'],
        [3, '3'],
        [4, '4'],
      ],
    );
    assert.deepEqual(
      lines()
        .slice(1)
        .map(({ previous }) => previous),
      lines()
        .slice(0, -1)
        .map(({ hash }) => hash),
    );
  });

  it('is on disk when append resolves', async () => {
    await append('1');
    assert.equal(lines().length, 1);
  });

  it('cuts off a line that a crash cut short', async () => {
    await append('1');
    await append('2');
    truncateSync(path, readFileSync(path).length - 5);
    await reopen();
    await append('3');
    assert.deepEqual(
      lines().map(({ serial }) => serial),
      ['1', '3'],
    );
  });

  const tamper: Record<string, (text: string) => string> = {
    'a line was changed': (text) => text.replace('"serial":"2"', '"serial":"9"'),
    'a line was taken out': (text) => text.split('\n').toSpliced(1, 1).join('\n'),
    'two lines changed places': (text) => {
      const [first, second, ...rest] = text.split('\n');
      return [second, first, ...rest].join('\n');
    },
  };
  for (const [what, change] of Object.entries(tamper)) {
    it(`refuses to open when ${what}`, async () => {
      for (const serial of ['1', '2', '3']) await append(serial);
      await log.close();
      writeFileSync(path, change(readFileSync(path, 'utf8')));
      await assert.rejects(reopen(), { code: 'LATEEN_STATE_CORRUPT', message: /breaks at line [12]/ });
    });
  }

  it('rejects when it can’t write', async () => {
    await append('1');
    await log.close();
    await assert.rejects(append('2'));
    appendFileSync(path, '');
    assert.equal(lines().length, 1);
  });
});
