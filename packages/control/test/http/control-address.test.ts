import assert from 'node:assert/strict';
import { isLateenError } from '@lateen/core';
import { parseControlUrl } from '../../src/http/control-address.ts';

describe('parseControlUrl', () => {
  it('takes host and port, IPv6 too', () => {
    const local = 'https://127.0.0.1:15012';
    assert.deepEqual(parseControlUrl(local), { url: local, host: '127.0.0.1', port: 15012 });
    assert.deepEqual(parseControlUrl('https://[::1]:9'), { url: 'https://[::1]:9', host: '::1', port: 9 });
    assert.equal(parseControlUrl('https://lateend/').port, 443);
  });

  for (const url of ['http://127.0.0.1:15012', '127.0.0.1:15012', 'https://h/path', 'https://h/?a=1', 'https://u@h', '']) {
    it(`refuses ${JSON.stringify(url)}, and says what to write`, () => {
      const refused = (error: unknown) =>
        isLateenError(error) && error.code === 'LATEEN_BAD_OPTION' && error.message.includes('https://host:port');
      assert.throws(() => parseControlUrl(url), refused);
    });
  }
});
