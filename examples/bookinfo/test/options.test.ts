import assert from 'node:assert/strict';
import { parseOptions } from '../src/deployment/options.ts';
import { StartError } from '../src/deployment/start-error.ts';

describe('parseOptions', () => {
  it('starts one of each on the usual ports when nothing is said', () => {
    const { mesh, discovery, instances, portOffset, configDir } = parseOptions([]);
    assert.deepEqual([mesh, discovery, instances.size, portOffset, configDir], [true, 'lateend', 0, 0, undefined]);
  });

  it('reads what the documentation shows', () => {
    const options = parseOptions(
      [
        '--discovery',
        'consul',
        '--consul-url',
        'http://127.0.0.1:1',
        '--config',
        'mine',
        '--instances',
        'reviews-v2=3',
        '--port-offset',
        '100',
      ],
      '/somewhere',
    );
    assert.equal(options.discovery, 'consul');
    assert.equal(options.consulUrl, 'http://127.0.0.1:1');
    assert.equal(options.configDir, '/somewhere/mine');
    assert.deepEqual([...options.instances], [['reviews-v2', 3]]);
    assert.equal(options.portOffset, 100);
  });

  it('takes a service for each of its versions', () => {
    const { instances } = parseOptions(['--instances', 'reviews=2', '--instances', 'ratings=3']);
    assert.deepEqual(
      [...instances],
      [
        ['reviews-v1', 2],
        ['reviews-v2', 2],
        ['reviews-v3', 2],
        ['ratings-v1', 3],
      ],
    );
  });

  const refused: readonly [string, string[], RegExp][] = [
    ['an option nobody knows', ['--no-mess'], /--no-mess/],
    ['a registry nobody knows', ['--discovery', 'etcd'], /--discovery etcd .* write lateend or consul/],
    ['a Consul that is not asked', ['--consul-url', 'http://x'], /needs --discovery consul/],
    ['a workload that is none', ['--instances', 'review-v2=3'], /review-v2=3 .* reviews-v2/],
    ['a count that is none', ['--instances', 'reviews-v2=many'], /reviews-v2=many/],
    ['an offset that is none', ['--port-offset', 'ten'], /--port-offset ten/],
    ['a mesh option without the mesh', ['--no-mesh', '--discovery', 'consul'], /--no-mesh/],
  ];
  for (const [what, argv, message] of refused) {
    it(`refuses ${what}, and shows what there is`, () => {
      assert.throws(
        () => parseOptions(argv),
        (error: Error) =>
          error instanceof StartError && message.test(error.message) && /npm start -- \[options\]/.test(error.message),
      );
    });
  }
});
