import assert from 'node:assert/strict';
import type { ApplyReply, JoinTokenReply, StatusReply } from '@lateen/control';
import { Mesh } from './support/mesh.ts';
import type { Outcome } from './support/terminal.ts';
import { virtualService } from './support/yaml.ts';

const inForce = (revision: number, where: string): RegExp =>
  new RegExp(`^revision ${revision} \\([0-9a-f]{16}\\) is in force${where}\\n$`);
const IN_ALL = ' in 1 of 1 processes';
const TIMEOUT = '    timeout: 2s\n';

/** One verb after the other against one lateend with one process: each test goes on where the one before it ended. */
describe('lateen with lateend', () => {
  let mesh: Mesh;
  const lateen = (line: string): Promise<Outcome> => mesh.terminal.run(...line.split(' '));
  before(async () => {
    mesh = await Mesh.start();
    await mesh.write('reviews.yaml', `# as it was written\n${virtualService('reviews')}`);
    await mesh.write('timeout.yaml', `${virtualService('reviews', TIMEOUT)}---\n${virtualService('details')}`);
    await mesh.write(
      'bad.yaml',
      `${virtualService('good')}---\n${virtualService('bad', '    timeot: 2s\n    retries: {attempts: many}\n')}`,
    );
    await mesh.write('empty.yaml', '# nothing yet\n');
  });
  after(() => mesh.close());

  describe('a mesh without processes', () => {
    it('has nothing to get', async () => {
      const { code, out, err } = await lateen('get');
      assert.deepEqual([code, out, err], [0, 'NAMESPACE  KIND  NAME  FROM\n', 'nothing of that is in force in revision 0\n']);
    });

    it('is found through the pointer and through --state', async () => {
      for (const line of ['version -o json', 'version -o json --state state']) {
        const { code, out, err } = await lateen(line);
        assert.deepEqual([code, err], [0, '']);
        assert.match((JSON.parse(out) as { lateend: string }).lateend, /^\d+\.\d+\.\d+/);
      }
    });

    it('takes resources for those who come', async () => {
      const { code, out, err } = await lateen('apply -f reviews.yaml');
      assert.deepEqual([code, out], [0, 'virtualservice.networking.istio.io/reviews created\n']);
      assert.match(err, inForce(1, '; no process is connected yet'));
    });

    for (const line of ['config all reviews', 'explain http://reviews:9080/']) {
      it(`has nobody to ask: ${line}`, async () => {
        const { code, out, err } = await lateen(line);
        assert.deepEqual([code, out], [1, '']);
        assert.match(err, /^lateen: no process with an admin endpoint is connected to lateend; start one.*\n$/);
      });
    }
  });

  describe('resources', () => {
    before(() =>
      mesh
        .join('reviews')
        .then(() => mesh.daemon.createToken({ namespace: 'default', serviceAccount: 'd', services: ['details'] })),
    );

    const unchanged = 'virtualservice.networking.istio.io/reviews unchanged\n';
    const configured =
      'virtualservice.networking.istio.io/reviews configured\nvirtualservice.networking.istio.io/details created\n';
    const steps: readonly (readonly [string, number, string | RegExp, string | RegExp])[] = [
      ['apply -f reviews.yaml', 0, unchanged, inForce(1, IN_ALL)],
      ['diff -f reviews.yaml', 0, '', 'nothing differs from revision 1\n'],
      [
        'diff -f timeout.yaml',
        1,
        /^changed VirtualService default\/reviews \(timeout.yaml:1\)\n[^+]*\n\+ {7}timeout: 2s\nnew VirtualService default\/details \(timeout.yaml:13\)\n(\+ .*\n)+$/,
        '',
      ],
      [
        'apply -f timeout.yaml --expected-revision 0',
        1,
        '',
        /^lateen: .*revision 1 is in force, 0 was expected; .*lateen diff.*\n$/,
      ],
      ['apply -f timeout.yaml --expected-revision 1', 0, configured, inForce(2, IN_ALL)],
      [
        'get',
        0,
        /^NAMESPACE .*\ndefault +VirtualService +details +timeout.yaml:13\ndefault +VirtualService +reviews +timeout.yaml:1\n$/,
        '',
      ],
      ['get vs reviews', 0, /^NAMESPACE .*\ndefault +VirtualService +reviews +timeout.yaml:1\n$/, ''],
      ['get dr', 0, 'NAMESPACE  KIND  NAME  FROM\n', 'nothing of that is in force in revision 2\n'],
      ['get vs reviews -n shop', 1, 'NAMESPACE  KIND  NAME  FROM\n', 'nothing of that is in force in revision 2\n'],
      ['get vs reviews -o yaml', 0, virtualService('reviews', TIMEOUT), ''],
      ['get dr -o yaml', 0, '[]\n', 'nothing of that is in force in revision 2\n'],
      ['apply -f empty.yaml', 1, '', 'lateen: empty.yaml holds no resource, so nothing was applied\n'],
      ['diff -f empty.yaml', 1, '', 'lateen: empty.yaml holds no resource; name another file\n'],
      ['delete vs nobody', 1, 'virtualservice.networking.istio.io/nobody not found\n', inForce(2, IN_ALL)],
      ['delete -f bad.yaml', 1, '', /timeot[^]*\nlateen: nothing was done: bad.yaml has errors; mend them first\n$/],
      ['delete virtualservice details -o json', 0, /^\{\n[^]*"action": "deleted"[^]*\n\}\n$/, inForce(3, IN_ALL)],
      [
        'delete -f timeout.yaml',
        1,
        'virtualservice.networking.istio.io/reviews deleted\nvirtualservice.networking.istio.io/details not found\n',
        inForce(4, IN_ALL),
      ],
    ];
    for (const [line, code, out, err] of steps) {
      it(`answers ${code} to ${line}`, async () => {
        const outcome = await lateen(line);
        for (const [text, want] of [
          [outcome.out, out],
          [outcome.err, err],
        ] as const) {
          if (typeof want === 'string') assert.equal(text, want);
          else assert.match(text, want);
        }
        assert.equal(outcome.code, code);
      });
    }

    it('come from stdin too, and are told as JSON', async () => {
      const { code, out, err } = await mesh.terminal.pipe(virtualService('details'), 'apply', '-f', '-', '-o', 'json');
      const { revision, acknowledged, changes } = JSON.parse(out) as ApplyReply;
      assert.deepEqual([code, revision, acknowledged], [0, 5, ['reviews-v1-000001']]);
      assert.deepEqual(changes, [{ kind: 'VirtualService', namespace: 'default', name: 'details', action: 'created' }]);
      assert.match(err, inForce(5, IN_ALL));
      const diff = await mesh.terminal.pipe(virtualService('details', TIMEOUT), 'diff', '-f', '-', '-o', 'json');
      const [{ action, before, after }] = JSON.parse(diff.out);
      assert.deepEqual(
        [diff.code, action, before.spec.http[0].timeout, after.spec.http[0].timeout],
        [1, 'configured', undefined, '2s'],
      );
    });

    it('are refused as a whole with all findings, each with its place', async () => {
      const { code, out, err } = await lateen('apply -f bad.yaml -o json');
      assert.deepEqual([code, out], [1, '']);
      assert.deepEqual(err.split('\n'), [
        'Error [IST0106] (VirtualService default/bad bad.yaml:22) unknown field "timeot"; did you mean timeout?',
        'Error [IST0106] (VirtualService default/bad bad.yaml:23) attempts must be an integer, not a string',
        'lateen: nothing was applied, revision 5 stays: bad.yaml:22: unknown field "timeot" [IST0106] (and 1 more)',
        '',
      ]);
      assert.equal((await lateen('get vs good')).code, 1);
    });

    it('are told of where their host is nowhere: by analyze --live, and by apply, which takes them', async () => {
      const early = virtualService('reviewz');
      const before = await mesh.terminal.pipe(early, 'analyze', '--live', '-');
      const finding = 'Error [IST0101] (VirtualService default/reviewz stdin:10) Referenced host not found: "reviewz"\n';
      assert.deepEqual([before.code, before.out], [1, finding]);
      const applied = await mesh.terminal.pipe(early, 'apply', '-f', '-');
      assert.deepEqual([applied.code, applied.err.startsWith(finding)], [0, true]);
      assert.equal((await lateen('delete vs reviewz')).code, 0);
    });

    it('are told by analyze --live of subsets that nobody has registered for', async () => {
      const rule =
        'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: late}\n' +
        'spec:\n  host: reviews\n  subsets: [{name: v9, labels: {version: v9}}]\n';
      const { code, out } = await mesh.terminal.pipe(rule, 'analyze', '--live', '-');
      const message = 'no instance of reviews.default.svc.cluster.local that is registered belongs to subset v9';
      assert.equal(code, 0);
      assert.ok(out.includes(`Warning [LTN0113] (DestinationRule default/late stdin:6) ${message};`), out);
    });

    it('in force are no conflict with themselves for analyze --live', async () => {
      const { code, out, err } = await mesh.terminal.pipe(virtualService('details'), 'analyze', '--live', '-');
      assert.deepEqual([code, out, err], [0, '', 'No validation issues found when analyzing -, lateend.\n']);
    });
  });

  describe('processes', () => {
    const endpoint = {
      endpoint: '127.0.0.1:9',
      workload: 'ratings-v1',
      tls: 'mutual',
      inFlight: 2,
      ewmaMs: 1.25,
      available: false,
      breaker: 'open',
      requests: 9,
      failures: 3,
    };
    const cluster = {
      name: 'outbound|9080||ratings',
      host: 'ratings.default',
      port: 9080,
      subset: '',
      algorithm: 'ewma',
      policy: 'dr.yaml:1',
      inFlight: 2,
      pending: 1,
      endpoints: [endpoint],
    };
    const ANSWERS = {
      '/routes': [
        {
          host: 'ratings.default',
          port: 9080,
          conditions: ['uri prefix "/r"', 'method GET'],
          action: 'respond 200',
          resource: 'default',
          file: '',
          line: 0,
        },
      ],
      '/clusters': [cluster],
      '/certs': {
        problem: 'renewal failed',
        certificate: { id: 'spiffe://cluster.local/x', serial: '0a', notAfter: 0 },
        authorities: [
          {
            trustDomain: 'cluster.local',
            authorities: [{ subject: 'O=a\nCN=b', fingerprint: 'AB:CD', notAfter: 'Jan  1 00:00:00 2020 GMT' }],
          },
        ],
      },
      '/config': {
        revision: 5,
        hash: 'abc',
        resources: [{ kind: 'VirtualService', metadata: { namespace: 'default', name: 'details' }, file: 'stdin', line: 1 }],
      },
      '/explain': { reason: ['host ratings', 'no endpoint may be used: 503, flag UH'] },
    };
    before(async () => {
      const ratings = await mesh.join('ratings', ANSWERS);
      ratings.revision.subscribe((revision) => ratings.refuseRevision(revision, 'its regex does not compile'));
    });

    it('are listed by status', async () => {
      const { code, out, err } = await lateen('status');
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, /^lateend \d\S+, trust domain cluster.local, revision 7 \([0-9a-f]{16}\)\n/);
      assert.match(out, /^INSTANCE +NAMESPACE +SERVICE ACCOUNT +REVISION +CONFIG +CERTIFICATE ENDS +ADMIN$/m);
      assert.match(out, /^reviews-v1-000001 +default +bookinfo-reviews +7 +SYNCED +in \d+m +127\.0\.0\.1:\d+$/m);
    });

    it('show what they believe, by service, workload and instance', async () => {
      const views: readonly (readonly [string, RegExp])[] = [
        ['routes ratings', /^ratings.default +9080 +uri prefix "\/r" and method GET +respond 200 +default$/m],
        ['clusters ratings-v1', /^ratings.default +9080 +- +0\/1 +2 +1 +ewma +dr.yaml:1$/m],
        [
          'endpoints ratings-v1-000001',
          /^127.0.0.1:9 +ratings-v1 +UNAVAILABLE +open +mutual +2 +1.3 +3\/9 +outbound\|9080\|\|ratings$/m,
        ],
        [
          'certs ratings',
          /^! renewal failed\n[^]*^own +spiffe:\/\/cluster.local\/x +expired +0a\ntrusts cluster.local +O=a, CN=b +expired +AB:CD\n$/m,
        ],
        ['all ratings', /^revision 5 \(abc\)\n\n.*\ndefault +VirtualService +details +stdin:1\n$/],
      ];
      for (const [view, want] of views) {
        const { code, out, err } = await lateen(`config ${view}`);
        assert.deepEqual([code, err], [0, '']);
        assert.match(out, want);
      }
      assert.deepEqual(JSON.parse((await lateen('config endpoints ratings -o json')).out), [cluster]);
    });

    it('explain a request', async () => {
      const line = '-H end-user:jason get http://ratings:9080/ --from ratings -H a:b';
      assert.deepEqual(await lateen(`explain ${line}`), { code: 0, out: `${ANSWERS['/explain'].reason.join('\n')}\n`, err: '' });
      assert.match((await lateen('explain http://ratings:9080/')).err, /^as seen from \S+; choose another with --from\n/);
    });

    it('are told from those that are not there, and from those that do not answer', async () => {
      const unknown = await lateen('config all payments');
      assert.equal(unknown.code, 1);
      assert.match(
        unknown.err,
        /^lateen: no live process is called payments; choose one of (reviews-v1, ratings-v1|ratings-v1, reviews-v1)\n$/,
      );
      const mute = await lateen('config all reviews');
      assert.deepEqual([mute.code, mute.err], [1, 'lateen: reviews-v1-000001 answered 404 to /config: not here\n']);
    });

    it('that refuse a revision are named by apply, status and check', async () => {
      const applied = await mesh.terminal.pipe(virtualService('details', TIMEOUT), 'apply', '-f', '-');
      assert.deepEqual([applied.code, applied.out], [1, 'virtualservice.networking.istio.io/details configured\n']);
      assert.match(applied.err, /in force in 1 of 2 processes\n {2}ratings-v1-000001: refused it: its regex does not compile\n$/);
      const status = await lateen('status -o json');
      const { processes } = JSON.parse(status.out) as StatusReply;
      assert.equal(status.code, 1);
      assert.equal(processes.find(({ service }) => service === 'ratings')?.error, 'its regex does not compile');
      assert.match((await lateen('status')).out, /^ratings-v1-000001 .* REFUSED: its regex does not compile /m);
      const check = await lateen('check');
      assert.equal(check.code, 1);
      assert.match(check.out, /^FAIL configuration: not in force in ratings-v1-000001; see lateen status$/m);
      assert.match(check.out, /^ok {3}authority: cluster.local, bundle \d+$/m);
    });
  });

  describe('ca', () => {
    it('shows authorities and who may serve what', async () => {
      const { code, out, err } = await lateen('ca status');
      assert.deepEqual([code, err], [0, '']);
      assert.match(out, /^trust domain cluster.local, bundle \d+, pin [0-9a-f]{64}\n/);
      assert.match(out, /^O=cluster.local, CN=\S.* +in \d+y +[0-9A-F:]{95}$/m);
      assert.match(out, /^reviews.default +spiffe:\/\/cluster.local\/ns\/default\/sa\/bookinfo-reviews$/m);
    });

    it('makes a join token that stands on stdout alone', async () => {
      const { code, out, err } = await lateen('ca token --service-account web --service web --label version=v1 --ttl 1h');
      assert.equal(code, 0);
      assert.match(out, /^ltj1\.[\w-]{43}\.[0-9a-f]{64}\n$/);
      assert.match(err, /^for spiffe:\/\/cluster.local\/ns\/default\/sa\/web, usable until \S+Z\n$/);
      const { id } = JSON.parse(
        (await lateen('ca token --service-account web -n shop --reusable -o json')).out,
      ) as JoinTokenReply;
      assert.equal(id, 'spiffe://cluster.local/ns/shop/sa/web');
    });

    it('makes none that would live too long, and says how long is long enough', async () => {
      const { code, out, err } = await lateen('ca token --service-account web --ttl 48h --reusable');
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, /^lateen: .*a join token lives up to 24 h\n$/);
    });

    it('says how an authority comes to be', async () => {
      assert.match((await lateen('ca init')).out, /npx lateend --state/);
    });
  });

  describe('lateend that has gone', () => {
    it('is told apart from one that never was', async () => {
      await mesh.daemon.close();
      const { code, out, err } = await lateen('status');
      assert.deepEqual([code, out], [1, '']);
      assert.match(
        err,
        new RegExp(
          `^lateen: lateend at ${mesh.daemon.url} can't be reached \\(.*\\); start lateend there, or correct the URL\\n$`,
        ),
      );
      assert.match((await lateen('version')).out, /lateend version: not reachable/);
    });
  });
});
