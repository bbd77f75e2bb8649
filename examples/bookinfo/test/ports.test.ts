import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { portsAt, requireFree } from '../src/deployment/ports.ts';

describe('requireFree', () => {
  it('names the port that is taken, who wanted it, and the way out', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      await assert.rejects(
        requireFree(new Map([[port, 'gateway']])),
        new RegExp(`port ${port} \\(gateway\\) is in use; .*--port-offset`),
      );
    } finally {
      server.close();
    }
    await requireFree(new Map([[port, 'gateway']]));
  });
});

describe('portsAt', () => {
  it('moves every port', () => {
    const moved = Object.values(portsAt(100)).map((port) => port - 100);
    assert.deepEqual(moved, Object.values(portsAt(0)));
  });
});
