import assert from 'node:assert/strict';
import { grpcStatusForHttp, grpcStatusOf, isGrpcContentType } from '../src/grpc-status.ts';

describe('grpcStatusOf', () => {
  it('knows words and numbers', () => {
    assert.equal(grpcStatusOf('UNAVAILABLE'), 14);
    assert.equal(grpcStatusOf('OK'), 0);
    assert.equal(grpcStatusOf('16'), 16);
    assert.equal(grpcStatusOf('17'), undefined);
    assert.equal(grpcStatusOf('unavailable'), undefined);
  });
});

describe('grpcStatusForHttp', () => {
  it('maps as gRPC says, the rest to UNKNOWN', () => {
    assert.deepEqual(
      [400, 401, 403, 404, 429, 502, 503, 504, 418, 500].map(grpcStatusForHttp),
      [13, 16, 7, 12, 14, 14, 14, 14, 2, 2],
    );
  });
});

describe('isGrpcContentType', () => {
  it('takes gRPC with any codec and nothing else', () => {
    assert.ok(isGrpcContentType('application/grpc'));
    assert.ok(isGrpcContentType('application/grpc+proto'));
    assert.ok(!isGrpcContentType('application/grpc-web'));
    assert.ok(!isGrpcContentType('application/json'));
  });
});
