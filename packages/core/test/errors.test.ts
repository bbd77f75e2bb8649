import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERRORS, isLateenError, LateenError } from '../src/errors.ts';

describe('LateenError', () => {
  it('carries status, flags and the mend, and tells all of it as JSON', () => {
    const error = new LateenError('LATEEN_NO_HEALTHY_ENDPOINT', 'no healthy endpoint for reviews (3 known, 3 ejected)', {
      target: 'reviews:9080',
      flags: ['URX', 'UH'],
      hint: 'wait for an ejection to end or start another instance',
      cause: new Error('ECONNREFUSED'),
    });
    assert.equal(error.status, 503);
    assert.equal(error.flag, 'URX,UH');
    assert.match(error.message, /3 ejected\); wait for/);
    const json = JSON.parse(JSON.stringify(error));
    assert.equal(json.cause, 'ECONNREFUSED');
    assert.equal(json.code, 'LATEEN_NO_HEALTHY_ENDPOINT');
  });

  it('is known across copies of the package by its mark, not its class', () => {
    assert.ok(isLateenError(new LateenError('LATEEN_CLOSED', 'closed')));
    assert.ok(isLateenError({ [Symbol.for('lateen.error')]: true }));
    assert.ok(!isLateenError(new Error('x')));
    assert.ok(!isLateenError(null));
  });
});

describe('docs/errors.md', () => {
  it('has a row for every code, with its status, flag and retry safety', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
    for (const [code, row] of Object.entries(ERRORS)) {
      const line = page.split('\n').find((text) => text.startsWith(`| \`${code}\` |`));
      assert.ok(line, `docs/errors.md has no row for ${code}`);
      assert.ok(
        line.includes(`| ${row.status} | ${row.flag} | ${row.safeToRetry ? 'yes' : 'no'} |`),
        `docs/errors.md: ${code} differs from the table`,
      );
    }
  });
});
