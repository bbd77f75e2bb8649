import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { listenFrom } from '../../src/http/listen.ts';

describe('listenFrom', () => {
  it('takes the next free port when the wanted one is taken', async () => {
    const busy = createServer();
    await new Promise<void>((listening) => busy.listen(0, '127.0.0.1', listening));
    const { port } = busy.address() as AddressInfo;
    const server = createServer();
    const bound = await listenFrom(server, '127.0.0.1', port, 'choose another');
    assert.ok(bound > port && bound <= port + 10);
    server.close();
    busy.close();
  });
});
