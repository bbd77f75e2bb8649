import assert from 'node:assert/strict';
import { LateenError } from '@lateen/core';
import { classifyFailure } from '../../src/transport/classify-failure.ts';

const withCode = (code: string): Error => Object.assign(new Error(code), { code });

describe('classifyFailure', () => {
  const rows: readonly [string, Error, boolean, boolean, string, string][] = [
    ['a refused connection', withCode('ECONNREFUSED'), false, false, 'connect', 'no'],
    ['a reset before the answer', withCode('ECONNRESET'), true, false, 'reset', 'unknown'],
    ['a reset in the answer', withCode('UND_ERR_SOCKET'), true, true, 'reset', 'yes'],
    ['what is not HTTP', withCode('HPE_INVALID_CONSTANT'), true, false, 'protocol', 'unknown'],
    [
      'what is not HTTP, without a code',
      Object.assign(new Error('x'), { name: 'HTTPParserError' }),
      true,
      false,
      'protocol',
      'unknown',
    ],
    ['a body of another length', withCode('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), true, true, 'protocol', 'yes'],
    ['undici’s own timeout', withCode('UND_ERR_HEADERS_TIMEOUT'), true, false, 'timeout', 'unknown'],
    ['a TLS alert in place of an answer', withCode('ERR_SSL_TLSV1_ALERT_ACCESS_DENIED'), true, false, 'peer-refused', 'no'],
    ['a peer we refused', new LateenError('LATEEN_PEER_REFUSED', 'x'), false, false, 'peer-refused', 'no'],
    ['an argument undici refuses', withCode('UND_ERR_INVALID_ARG'), false, false, 'local', 'no'],
  ];
  for (const [title, error, written, answered, kind, processed] of rows) {
    it(`knows ${title}`, () => {
      const failure = classifyFailure(error, true, written, answered);
      assert.deepEqual([failure.kind, failure.processed, failure.reusedConnection], [kind, processed, true]);
      assert.equal(failure.origin, kind === 'local' ? 'local' : 'remote');
    });
  }
});
