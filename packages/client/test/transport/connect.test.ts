import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { fakeClock } from '@lateen/core/testing';
import { failureReply } from '../../src/call/local-reply.ts';
import { connectFailed, isConnectTimeout, whenConnected } from '../../src/transport/connect.ts';

describe('whenConnected', () => {
  it('gives up after the connect timeout, closes the socket and says why', () => {
    const clock = fakeClock();
    const socket = new Socket();
    let failure: Error | null = null;
    whenConnected(
      socket,
      'connect',
      { address: '10.0.0.1', port: 80, connectTimeoutMs: 50, clock },
      (error) => (failure = error),
    );
    clock.advance(49);
    assert.equal(failure, null);
    clock.advance(1);
    assert.ok(isConnectTimeout(failure));
    assert.equal(socket.destroyed, true);
    assert.match(failureReply('LATEEN_CONNECT_FAILED', 503, false, failure).body as string, /reset reason: connection timeout$/);
  });
});

describe('isConnectTimeout', () => {
  it('is no other failure to connect', () => {
    const refused = connectFailed(
      { address: '10.0.0.1', port: 80 },
      'refused',
      Object.assign(new Error(), { code: 'ECONNREFUSED' }),
    );
    assert.equal(isConnectTimeout(refused), false);
    assert.match(
      failureReply('LATEEN_CONNECT_FAILED', 503, true, refused).body as string,
      /retried and the latest reset reason: remote connection failure$/,
    );
  });
});
