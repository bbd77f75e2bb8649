import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type EndpointSet, type EventSink, isLateenError, type MeshEvents, type Watched, whenValue } from '@lateen/core';
import { instanceOf, MeshFolder, register, processOf, tokenFor } from './support/mesh-folder.ts';

const HOST = 'reviews.default.svc.cluster.local';
const keys = ({ endpoints }: EndpointSet): string[] => endpoints.map((endpoint) => endpoint.key);
const has = (watched: Watched<EndpointSet>, ...wanted: string[]) =>
  whenValue(watched, (set) => String(keys(set)) === String(wanted));

describe("lateend's registry", () => {
  let mesh: MeshFolder;
  beforeEach(async () => void (mesh = await MeshFolder.make()));
  afterEach(() => mesh.close());

  it('tells every process of an instance: labels from the certificate, identities from the grants', async () => {
    const daemon = await mesh.startDaemon();
    const reviews = await mesh.join(daemon, 'reviews', '1');
    const productpage = await mesh.join(daemon, 'productpage', '1');
    const endpoints = productpage.registry.endpoints(HOST, 9080);
    assert.deepEqual(endpoints.value.endpoints, []);
    assert.equal(endpoints.value.ready, true);
    await register(reviews, instanceOf('reviews', '1', { labels: { app: 'ratings', version: 'v9' } }));
    const {
      endpoints: [endpoint],
    } = await has(endpoints, 'reviews-v1-1');
    assert.deepEqual(endpoint?.labels, { app: 'reviews', version: 'v1' });
    assert.deepEqual([endpoint?.workload, endpoint?.serviceAccount, endpoint?.port], ['reviews-v1', 'bookinfo-reviews', 41_001]);
    const service = productpage.registry.services.value.find(({ host }) => host === HOST);
    assert.deepEqual(service?.identities, ['spiffe://cluster.local/ns/default/sa/bookinfo-reviews']);
    assert.deepEqual(service?.ports, [{ number: 9080, name: 'http', protocol: 'HTTP' }]);
  });

  it('refuses a service that the certificate does not grant, and another identity under the same instance id', async () => {
    const daemon = await mesh.startDaemon();
    const reviews = await mesh.join(daemon, 'reviews', '1');
    const refused =
      (...words: string[]) =>
      (error: unknown) =>
        isLateenError(error) && error.code === 'LATEEN_REGISTER_REFUSED' && words.every((word) => error.message.includes(word));
    await assert.rejects(register(reviews, instanceOf('ratings', '1')), refused('ratings.default', '--service ratings'));
    await register(reviews, instanceOf('reviews', '1'));
    const ratings = await mesh.join(daemon, 'ratings', '1');
    await assert.rejects(
      register(ratings, instanceOf('ratings', '1', { instance: 'reviews-v1-1' })),
      refused('reviews-v1-1 was registered by another identity'),
    );
  });

  it('answers a deregistration when the other processes have seen it', async () => {
    const daemon = await mesh.startDaemon();
    const reviews = await mesh.join(daemon, 'reviews', '1');
    const productpage = await mesh.join(daemon, 'productpage', '1');
    const registration = await register(reviews, instanceOf('reviews', '1'));
    const endpoints = productpage.registry.endpoints(HOST, 9080);
    await has(endpoints, 'reviews-v1-1');
    await registration.deregister({ ackTimeoutMs: 5_000 });
    assert.deepEqual(keys(endpoints.value), []);
    assert.ok(
      productpage.registry.services.value.some(({ host }) => host === HOST),
      'the service stays known',
    );
  });

  it('keeps the listeners of one process apart', async () => {
    const daemon = await mesh.startDaemon();
    const reviews = await mesh.join(daemon, 'reviews', '1');
    const first = await register(reviews, instanceOf('reviews', '1'));
    await register(reviews, instanceOf('reviews', '1', { servicePort: 9090, port: 41_002, portName: 'http-admin' }));
    const [one, other] = [9080, 9090].map((port) => reviews.registry.endpoints(HOST, port)) as [
      Watched<EndpointSet>,
      Watched<EndpointSet>,
    ];
    await has(other, 'reviews-v1-1');
    await first.deregister();
    await has(one);
    assert.deepEqual(keys(other.value), ['reviews-v1-1']);
  });

  it('takes a closed process out at once, and one that vanished after its lease', async () => {
    const daemon = await mesh.startDaemon({ leaseMs: 700 });
    const productpage = await mesh.join(daemon, 'productpage', '1');
    const endpoints = productpage.registry.endpoints(HOST, 9080);
    const first = await mesh.join(daemon, 'reviews', '1');
    await register(first, instanceOf('reviews', '1'));
    const second = await mesh.join(daemon, 'reviews', '2');
    await register(second, instanceOf('reviews', '2'));
    await has(endpoints, 'reviews-v1-1', 'reviews-v1-2');
    await first.close();
    await has(endpoints, 'reviews-v1-2');
    // As if it were killed: the connections go, nobody says goodbye.
    second.identity.close();
    await has(endpoints);
  });

  it('stays as it was while lateend is away, marked stale, and is well again when it is back on its state', async () => {
    const daemon = await mesh.startDaemon();
    const reviews = await mesh.join(daemon, 'reviews', '1');
    await register(reviews, instanceOf('reviews', '1'));
    const productpage = await mesh.join(daemon, 'productpage', '1');
    const endpoints = productpage.registry.endpoints(HOST, 9080);
    await has(endpoints, 'reviews-v1-1');
    await daemon.close();
    await whenValue(productpage.registry.staleSince, (since) => since > 0);
    assert.deepEqual(keys(endpoints.value), ['reviews-v1-1']);
    assert.equal(productpage.problem.value, undefined);
    const versions: string[][] = [];
    endpoints.subscribe((set) => versions.push(keys(set)));
    await mesh.startDaemon({ port: daemon.port });
    await whenValue(productpage.registry.staleSince, (since) => since === 0);
    assert.ok(
      versions.every((each) => String(each) === 'reviews-v1-1'),
      JSON.stringify(versions),
    );
  });

  it('is told again by the processes when lateend lost it, and nobody disappears meanwhile', async () => {
    const daemon = await mesh.startDaemon();
    let tellReregistered: (value: unknown) => void;
    const reregistered = new Promise((resolve) => (tellReregistered = resolve));
    const emit: EventSink['emit'] = (name, event) => {
      if (name === 'discovery' && (event as MeshEvents['discovery']).change === 'reregistered') tellReregistered(event);
    };
    const reviews = await mesh.join(daemon, 'reviews', '1', { events: { emit } });
    await register(reviews, instanceOf('reviews', '1'));
    const productpage = await mesh.join(daemon, 'productpage', '1');
    const endpoints = productpage.registry.endpoints(HOST, 9080);
    await has(endpoints, 'reviews-v1-1');
    const seen: string[] = [];
    endpoints.subscribe((set) => seen.push(String(keys(set))));
    await daemon.close();
    await rm(join(mesh.state, 'registry.json'));
    const empty = await mesh.startDaemon({ port: daemon.port, leaseMs: 3_000 });
    const ratings = await mesh.join(empty, 'ratings', '1');
    await has(ratings.registry.endpoints(HOST, 9080), 'reviews-v1-1');
    assert.ok(
      seen.every((each) => each === 'reviews-v1-1'),
      JSON.stringify(seen),
    );
    await reregistered;
  });

  it("starts a process on the last run's endpoints and certificate while lateend is away", async () => {
    const daemon = await mesh.startDaemon();
    const stateDir = join(mesh.path, 'productpage');
    const reviews = await mesh.join(daemon, 'reviews', '1');
    await register(reviews, instanceOf('reviews', '1'));
    const { joinString } = await daemon.createToken(tokenFor('productpage'));
    const options = { ...processOf('productpage', '1'), stateDir };
    const first = mesh.connect(daemon.url, { ...options, token: joinString });
    await has(first.registry.endpoints(HOST, 9080), 'reviews-v1-1');
    await first.close();
    await daemon.close();
    const again = mesh.connect(daemon.url, options);
    await again.ready;
    assert.deepEqual(keys(again.registry.endpoints(HOST, 9080).value), ['reviews-v1-1']);
    assert.ok(again.registry.staleSince.value > 0);
  });
});
