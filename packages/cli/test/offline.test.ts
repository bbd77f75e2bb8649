import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import manifest from '../package.json' with { type: 'json' };
import { type Outcome, Terminal } from './support/terminal.ts';
import { virtualService } from './support/yaml.ts';

const NO_LATEEND = /no lateend was started by this user \(.*\); start one \(.*\n$/;

describe('lateen without lateend', () => {
  let terminal: Terminal;
  before(async () => {
    terminal = new Terminal(await mkdtemp(join(tmpdir(), 'lateen-cli-')));
    const put = (name: string, text: string | Buffer) => writeFile(join(terminal.folder, name), text);
    await mkdir(join(terminal.folder, 'mesh'));
    await mkdir(join(terminal.folder, 'empty'));
    await put('good.yaml', virtualService('reviews'));
    await put('typo.yaml', virtualService('reviews', '    timeot: 2s\n    retries: {attempts: many}\n'));
    await put('subset.yaml', virtualService('ratings', '        subset: v9\n'));
    await put('twice.yaml', virtualService('details', '  - route: [{destination: {host: details}}]\n'));
    await put('latin.yaml', Buffer.from([0xe4]));
    await put('mesh/a.yaml', virtualService('a'));
    await put('mesh/b.yml', virtualService('b', '        subset: v9\n'));
    await put('mesh/README.md', 'not: [yaml');
  });
  after(() => rm(terminal.folder, { recursive: true }));

  describe('version', () => {
    const { version } = manifest;
    const told: readonly (readonly [string, string])[] = [
      ['version', `client version: ${version}\nlateend version: not reachable\n`],
      ['version -o yaml', `client: ${version}\nlateend: null\n`],
      ['--version', `${version}\n`],
    ];
    for (const [line, out] of told) {
      it(`tells its own with ${line}`, async () => {
        assert.deepEqual(await terminal.run(...line.split(' ')), { code: 0, out, err: '' });
      });
    }
  });

  describe('check', () => {
    it('tells with --pre whether Node is new enough and the ports are free', async () => {
      const { code, out, err } = await terminal.run('check', '--pre', '-o', 'json');
      const results = JSON.parse(out) as { check: string; ok: boolean }[];
      assert.deepEqual(
        results.map(({ check }) => check),
        ['node', 'port 8080', 'port 15012'],
      );
      assert.equal(results[0]?.ok, true);
      assert.deepEqual([code, err], [results.every(({ ok }) => ok) ? 0 : 1, '']);
    });

    it('tells with --pre which port is taken', async function () {
      const server = createServer();
      const isOurs = await new Promise<boolean>((resolve) => {
        server.once('error', () => resolve(false)); // somebody else has it: as good
        server.listen(15_012, '127.0.0.1', () => resolve(true));
      });
      const { code, out } = await terminal.run('check', '--pre');
      if (isOurs) server.close();
      assert.equal(code, 1);
      assert.match(out, /^FAIL port 15012: something listens there; stop it, or move with --port-offset$/m);
    });

    it('fails where no lateend is, and says how to start one', async () => {
      const { code, out, err } = await terminal.run('check');
      assert.deepEqual([code, err], [1, '']);
      assert.match(out, /^ok {3}node: \d+\.\d+\.\d+/);
      assert.match(out, NO_LATEEND);
    });
  });

  const asking = ['status', 'get', 'ca status', 'ca token --service-account a', 'apply -f good.yaml', 'diff -f good.yaml'];
  for (const line of [...asking, 'delete vs a', 'config all a', 'explain http://a/', 'analyze --live']) {
    it(`says in one sentence that nobody answers: ${line}`, async () => {
      const { code, out, err } = await terminal.run(...line.split(' '));
      assert.deepEqual([code, out], [1, '']);
      assert.match(err, NO_LATEEND);
      assert.equal(err.split('\n').length, 2);
    });
  }

  it('names the state folder that holds no lateend', async () => {
    const { code, err } = await terminal.run('status', '--state', 'elsewhere');
    assert.equal(code, 1);
    assert.ok(err.startsWith(`lateen: ${join(terminal.folder, 'elsewhere', 'admin.json')} is missing`), err);
  });

  describe('analyze', () => {
    const SUBSET = (file: string, name: string): string =>
      `Error [IST0101] (VirtualService default/${name} ${file}:10) Referenced host+subset in destinationrule not found: "${name}+v9"\n`;
    const TYPO =
      'Error [IST0106] (VirtualService default/reviews typo.yaml:11) unknown field "timeot"; did you mean timeout?\n' +
      'Error [IST0106] (VirtualService default/reviews typo.yaml:12) attempts must be an integer, not a string\n';
    const TWICE =
      'Warning [IST0130] (VirtualService default/details twice.yaml:1) VirtualService rule #1 not used (only the last rule can have no matches).\n';
    const fine = (what: string): string => `No validation issues found when analyzing ${what}.\n`;
    const cases: readonly (readonly [string, Outcome])[] = [
      ['good.yaml', { code: 0, out: '', err: fine('good.yaml') }],
      ['good.yaml mesh/a.yaml', { code: 0, out: '', err: fine('good.yaml, mesh/a.yaml') }],
      ['subset.yaml', { code: 1, out: SUBSET('subset.yaml', 'ratings'), err: '' }],
      ['mesh', { code: 1, out: SUBSET('mesh/b.yml', 'b'), err: '' }],
      ['typo.yaml', { code: 1, out: TYPO, err: '' }],
      ['twice.yaml typo.yaml subset.yaml', { code: 1, out: SUBSET('subset.yaml', 'ratings') + TYPO + TWICE, err: '' }],
      ['twice.yaml', { code: 0, out: TWICE, err: '' }],
      ['twice.yaml --failure-threshold Warning', { code: 1, out: TWICE, err: '' }],
      ['twice.yaml --failure-threshold info', { code: 1, out: TWICE, err: '' }],
      ['twice.yaml --output-threshold Error', { code: 0, out: '', err: '' }],
      ['twice.yaml subset.yaml --output-threshold Error', { code: 1, out: SUBSET('subset.yaml', 'ratings'), err: '' }],
      ['good.yaml -o json', { code: 0, out: '[]\n', err: fine('good.yaml') }],
      ['good.yaml good.yaml', { code: 0, out: '', err: fine('good.yaml, good.yaml') }],
      ['empty', { code: 2, out: '', err: 'lateen: empty: no .yaml, .yml or .json file in this folder\n' }],
      [
        'latin.yaml',
        { code: 1, out: 'Error [LTN0003] (latin.yaml latin.yaml:1) latin.yaml is not UTF-8; save it as UTF-8\n', err: '' },
      ],
    ];
    for (const [line, want] of cases) {
      it(`answers ${want.code} to ${line}`, async () => {
        assert.deepEqual(await terminal.run('analyze', '--partial', ...line.split(' ')), want);
      });
    }

    it('reads stdin where - is written, in the namespace of -n', async () => {
      const { code, out } = await terminal.pipe(
        virtualService('x', '        subset: v9\n'),
        'analyze',
        '--partial',
        '-',
        '-n',
        'shop',
      );
      assert.equal(code, 1);
      assert.match(out, /^Error \[IST0101\] \(VirtualService shop\/x stdin:10\)/);
    });

    it("prints istioctl's shape and ours as JSON, and nothing else", async () => {
      const { code, out, err } = await terminal.run('analyze', 'typo.yaml', '-o', 'json');
      assert.deepEqual([code, err], [1, '']);
      assert.deepEqual(JSON.parse(out)[0], {
        code: 'IST0106',
        level: 'Error',
        message: 'unknown field "timeot"',
        origin: 'VirtualService default/reviews',
        reference: 'typo.yaml:11',
        documentationUrl: 'https://istio.io/latest/docs/reference/config/analysis/ist0106/',
        column: 5,
        fix: 'did you mean timeout?',
      });
    });

    it('names a file outside of the folder as it was written', async () => {
      const inside = new Terminal(join(terminal.folder, 'mesh'));
      const path = join(terminal.folder, 'subset.yaml');
      assert.ok((await inside.run('analyze', path)).out.includes(` ${path}:10)`));
      assert.ok((await inside.run('analyze', '../subset.yaml')).out.includes(' ../subset.yaml:10)'));
      assert.ok((await inside.run('analyze', join(inside.folder, 'b.yml'))).out.includes(' b.yml:10)'));
    });
  });

  describe('validate', () => {
    const cases: readonly (readonly [string, number, RegExp, string])[] = [
      ['-f good.yaml', 0, /^$/, '1 valid resource, 0 errors\n'],
      ['-f good.yaml mesh', 0, /^$/, '3 valid resources, 0 errors\n'],
      ['-f subset.yaml', 0, /^$/, '1 valid resource, 0 errors\n'],
      [
        '-f good.yaml -f typo.yaml',
        1,
        /^Error \[IST0106\] .*typo\.yaml:11\).*\nError .*typo\.yaml:12\).*\n$/,
        '1 valid resource, 2 errors\n',
      ],
      ['-f good.yaml -o json', 0, /^\[\]\n$/, '1 valid resource, 0 errors\n'],
    ];
    for (const [line, code, out, err] of cases) {
      it(`answers ${code} to ${line}`, async () => {
        const outcome = await terminal.run('validate', ...line.split(' '));
        assert.match(outcome.out, out);
        assert.deepEqual([outcome.code, outcome.err], [code, err]);
      });
    }
  });
});
