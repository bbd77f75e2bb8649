import assert from 'node:assert/strict';
import { REFUSALS, refusalOfParseError, refusalText } from '@lateen/core';

describe('refusalOfParseError', () => {
  it('tells too large a head and an unknown transfer coding from other errors', () => {
    assert.equal(refusalOfParseError({ code: 'HPE_HEADER_OVERFLOW' }), REFUSALS.headersTooLarge);
    assert.equal(refusalOfParseError({ code: 'HPE_INVALID_TRANSFER_ENCODING' }), REFUSALS.notImplemented);
    assert.equal(refusalOfParseError({ code: 'HPE_INVALID_HEADER_TOKEN' }), REFUSALS.badRequest);
  });

  it('asks for an upgrade where a version was written, and not where there is none', () => {
    const version = (text: string) => refusalOfParseError({ code: 'HPE_INVALID_VERSION', rawPacket: Buffer.from(text) });
    assert.equal(version('GET / HTTP/3.7\r\nhost: a\r\n\r\n'), REFUSALS.upgradeRequired);
    assert.equal(version('GET / HTTP/x\r\nhost: a\r\n\r\n'), REFUSALS.badRequest);
  });

  it('answers 408 to a head that does not come', () => {
    assert.equal(refusalOfParseError({ code: 'ERR_HTTP_REQUEST_TIMEOUT' }), REFUSALS.timeout);
  });

  it('has no answer to an error of the connection', () => {
    assert.equal(refusalOfParseError({ code: 'ECONNRESET' }), undefined);
  });
});

describe('refusalText', () => {
  it('is a whole response that closes the connection', () => {
    assert.equal(
      refusalText(REFUSALS.badRequest),
      'HTTP/1.1 400 Bad Request\r\ncontent-length: 11\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\nBad Request',
    );
    assert.equal(refusalText(REFUSALS.noPath), 'HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
});
