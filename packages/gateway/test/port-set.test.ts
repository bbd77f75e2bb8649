import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { silentLogger } from '@lateen/core';
import type { MeshClient } from '@lateen/client';
import type { GatewayPort } from '../src/gateway-ports.ts';
import { PortSet } from '../src/port-set.ts';
import { ask, clientTo, edgeSettings, freePorts } from './support.ts';

type FakeClient = ReturnType<typeof clientTo>;

describe('PortSet', () => {
  const backend = createServer((_request, response) => response.end('hello'));
  let clients: { readonly client: FakeClient; readonly gateways: readonly string[]; readonly port: number }[] = [];
  let set: PortSet;

  before(async () => {
    backend.listen(0, '127.0.0.1');
    await once(backend, 'listening');
  });

  after(() => {
    backend.closeAllConnections();
    backend.close();
  });

  beforeEach(() => {
    clients = [];
    set = new PortSet({
      host: '127.0.0.1',
      portOffset: 0,
      drainTimeoutMs: 1_000,
      settings: edgeSettings(),
      logger: silentLogger,
      createClient(gateways, port): MeshClient {
        const client = clientTo((backend.address() as AddressInfo).port);
        clients.push({ client, gateways, port });
        return client;
      },
    });
  });

  afterEach(() => set.close());

  const wanted = (port: number, ...gateways: string[]): GatewayPort => ({
    port,
    gateways,
    place: 'mesh/gateway.yaml:8',
    bind: undefined,
    isTls: false,
    tls: [],
    problems: [],
  });

  it('opens the ports that are wanted and serves on them', async () => {
    const [one, two] = await freePorts(2);
    assert.deepEqual(await set.follow([wanted(one, 'default/a'), wanted(two, 'default/b')]), []);
    assert.equal((await ask(one, '/')).body, 'hello');
    assert.equal((await ask(two, '/')).body, 'hello');
    assert.deepEqual(set.bound, [
      { port: one, address: `127.0.0.1:${one}`, gateways: ['default/a'] },
      { port: two, address: `127.0.0.1:${two}`, gateways: ['default/b'] },
    ]);
  });

  it('leaves a port alone that stays as it is', async () => {
    const [port] = await freePorts(1);
    await set.follow([wanted(port, 'default/a')]);
    await set.follow([wanted(port, 'default/a')]);
    assert.equal(clients.length, 1);
  });

  it('drains and closes a port that nobody wants any more', async () => {
    const [one, two] = await freePorts(2);
    await set.follow([wanted(one, 'default/a'), wanted(two, 'default/a')]);
    await set.follow([wanted(two, 'default/a')]);
    await assert.rejects(ask(one, '/'), { code: 'ECONNREFUSED' });
    assert.equal((await ask(two, '/')).body, 'hello');
    assert.equal(set.bound.length, 1);
  });

  it('changes the Gateways of an open port without closing it', async () => {
    const [port] = await freePorts(1);
    await set.follow([wanted(port, 'default/a')]);
    await set.follow([wanted(port, 'default/a', 'default/b')]);
    assert.deepEqual(
      clients.map(({ gateways }) => gateways),
      [['default/a'], ['default/a', 'default/b']],
    );
    assert.equal(clients[0]?.client.drained, true);
    assert.equal((await ask(port, '/')).body, 'hello');
    assert.deepEqual(set.bound[0]?.gateways, ['default/a', 'default/b']);
  });

  it('says which port could not be opened, opens the others, and tries again next time', async () => {
    const [free] = await freePorts(1);
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port: taken } = blocker.address() as AddressInfo;
    const [failure, ...more] = await set.follow([wanted(taken, 'default/a'), wanted(free, 'default/a')]);
    assert.match(
      failure?.message ?? '',
      new RegExp(`port 127\\.0\\.0\\.1:${taken}, asked for at mesh/gateway\\.yaml:8, is in use`),
    );
    assert.deepEqual(more, []);
    assert.equal((await ask(free, '/')).body, 'hello');
    await new Promise((resolve) => blocker.close(resolve));
    assert.deepEqual(await set.follow([wanted(taken, 'default/a'), wanted(free, 'default/a')]), []);
    assert.equal((await ask(taken, '/')).body, 'hello');
  });

  it('drains all ports and ends their clients', async () => {
    const [port] = await freePorts(1);
    await set.follow([wanted(port, 'default/a')]);
    await set.drain(1_000);
    await assert.rejects(ask(port, '/'), { code: 'ECONNREFUSED' });
    assert.equal(clients[0]?.client.closed, true);
    await set.follow([wanted(port, 'default/a')]);
    assert.equal(clients.length, 1);
  });
});
