import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '@lateen/resources';
import { Terminal } from '../support/terminal.ts';
import { virtualService } from '../support/yaml.ts';

const SERVICE = (name: string, namespace = 'default'): string => `apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80}]}
`;
const ELSEWHERE = virtualService('web').replace('  name: web\n', '  name: web\n  namespace: other\n');
const TELEMETRY = `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: logs}
spec:
  accessLogging: [{filter: {expression: "response.code >= 400"}}]
`;
const TYPO = `${virtualService('web')}---
${SERVICE('web')}---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web}
spec:
  host: web
  trafficPolcy: # the comment stays
    loadBalancer: {simple: RANDOM}
`;

describe('lateen analyze', () => {
  let terminal: Terminal;
  const codes = (out: string): string[] => (JSON.parse(out) as Finding[]).map(({ code, origin }) => `${code} ${origin}`);
  const analyzed = async (...argv: string[]): Promise<string[]> =>
    codes((await terminal.run('analyze', '-o', 'json', ...argv)).out);

  before(async () => {
    terminal = new Terminal(await mkdtemp(join(tmpdir(), 'lateen-analyze-')));
    const put = (name: string, text: string) => writeFile(join(terminal.folder, name), text);
    await mkdir(join(terminal.folder, 'mesh/below'), { recursive: true });
    await put('web.yaml', virtualService('web'));
    await put('service.yaml', SERVICE('web'));
    await put('both.yaml', `${virtualService('web')}---\n${ELSEWHERE}`);
    await put('logs.yaml', TELEMETRY);
    await put('mesh.config', 'defaultProviders:\n  accessLogging: [envoy]\n');
    await put('odd.config', 'rootNamspace: x\n');
    await put('text.yaml', 'not: [yaml');
    await put('mesh/service.yaml', SERVICE('web'));
    await put('mesh/below/web.yaml', virtualService('web'));
  });
  after(() => rm(terminal.folder, { recursive: true }));

  describe('takes the files for all there is', () => {
    it('so a host that none of them has is missing', async () => {
      assert.deepEqual(await analyzed('web.yaml'), ['IST0101 VirtualService default/web']);
    });
    it('and not missing beside its Service', async () => assert.deepEqual(await analyzed('web.yaml', 'service.yaml'), []));
    it('and not judged with --partial', async () => assert.deepEqual(await analyzed('web.yaml', '--partial'), []));
  });

  describe('tells of', () => {
    it('the default namespace only', async () => {
      assert.deepEqual(await analyzed('both.yaml'), ['IST0101 VirtualService default/web']);
    });
    it('the namespace of -n, where resources that name none are put', async () => {
      assert.deepEqual(await analyzed('web.yaml', '-n', 'other'), ['IST0101 VirtualService other/web']);
    });
    it('all namespaces with -A, none being one of them', async () => {
      const want = ['IST0101 VirtualService other/web', 'IST0101 VirtualService web'];
      assert.deepEqual(await analyzed('both.yaml', '-A'), want);
    });
  });

  describe('keeps to itself', () => {
    for (const resource of ['VirtualService default/web', 'VirtualService web.default', 'VirtualService *', '* default/web']) {
      it(`what --suppress "IST0101=${resource}" names`, async () => {
        assert.deepEqual(await analyzed('web.yaml', '-S', `IST0101=${resource}`), []);
      });
    }
    it('nothing of another name', async () => {
      assert.equal((await analyzed('web.yaml', '-S', 'IST0101=VirtualService default/we')).length, 1);
    });
    it('documents that can not be read, with --ignore-unknown', async () => {
      assert.deepEqual(await analyzed('text.yaml', '--ignore-unknown'), []);
      assert.equal((await analyzed('text.yaml')).length, 1);
    });
    it('all but the analyzers of --analyzer', async () => {
      assert.deepEqual(await analyzed('web.yaml', 'logs.yaml', '--analyzer', 'telemetry.ProviderAnalyzer'), [
        'IST0157 Telemetry default/logs',
      ]);
    });
  });

  it('warns of a --suppress for a code that nobody says', async () => {
    const { err } = await terminal.run('analyze', 'web.yaml', '-S', 'IST9999=VirtualService *');
    assert.equal(err, 'nobody says IST9999: --suppress IST9999=VirtualService * does nothing\n');
  });

  it('reads the mesh configuration of --meshConfigFile, and says what makes no sense in it', async () => {
    assert.deepEqual(await analyzed('logs.yaml'), ['IST0157 Telemetry default/logs']);
    assert.deepEqual(await analyzed('logs.yaml', '--meshConfigFile', 'mesh.config'), []);
    const { out } = await terminal.run('analyze', 'service.yaml', '--meshConfigFile', 'odd.config');
    assert.equal(
      out,
      'Warning [LTN0007] (MeshConfig istio odd.config:1) unknown field "rootNamspace"; did you mean rootNamespace?\n',
    );
  });

  it('goes below folders with -R', async () => {
    assert.deepEqual(codes((await terminal.run('analyze', 'mesh', '-o', 'json')).out), []);
    const { out } = await terminal.run('analyze', 'mesh/below', '-R', '-o', 'json');
    assert.deepEqual(codes(out), ['IST0101 VirtualService default/web']);
    assert.deepEqual(await analyzed('mesh', '-R'), []);
  });

  it('leaves out files of other kinds, as istioctl does, and says so', async () => {
    const { code, err } = await terminal.run('analyze', 'service.yaml', 'mesh.config');
    assert.equal(code, 0);
    assert.match(err, /^mesh\.config is left out: /);
  });

  it('lists the analyzers by the names that --analyzer takes', async () => {
    const { code, out } = await terminal.run('analyze', '-L');
    assert.equal(code, 0);
    assert.match(out, /^\* virtualservice\.GatewayAnalyzer:\n {4}\S/m);
  });

  for (const words of [
    [],
    ['web.yaml', '--failure-threshold', 'Fatal'],
    ['web.yaml', '-o', 'xml'],
    ['web.yaml', '-S', 'IST0101'],
  ]) {
    it(`answers 2 to ${words.join(' ') || 'no file'}`, async () => {
      const { code, out, err } = await terminal.run('analyze', ...words);
      assert.deepEqual([code, out], [2, '']);
      assert.match(err, /^lateen: /);
    });
  }
  for (const words of [
    ['web.yaml', '--use-kube=true'],
    ['web.yaml', '--dry-run'],
    ['-', '--fix'],
  ]) {
    it(`answers 2 to ${words.join(' ')}, which makes no sense`, async () => {
      assert.equal((await terminal.run('analyze', ...words)).code, 2);
    });
  }

  describe('--fix', () => {
    beforeEach(() => writeFile(join(terminal.folder, 'typo.yaml'), TYPO));

    it('mends what a machine can, shows the difference and leaves the rest of the text alone', async () => {
      const { code, out, err } = await terminal.run('analyze', 'typo.yaml', '--fix');
      assert.equal(code, 0, err);
      assert.match(out, /^--- typo\.yaml\n\+\+\+ typo\.yaml\n@@ /);
      assert.match(out, /^- {2}trafficPolcy: # the comment stays\n\+ {2}trafficPolicy: # the comment stays$/m);
      assert.equal(await readFile(join(terminal.folder, 'typo.yaml'), 'utf8'), TYPO.replace('trafficPolcy', 'trafficPolicy'));
      assert.equal((await terminal.run('analyze', 'typo.yaml')).code, 0);
    });

    it('only shows it with --dry-run', async () => {
      const { out } = await terminal.run('analyze', 'typo.yaml', '--fix', '--dry-run');
      assert.match(out, /^\+ {2}trafficPolicy:/m);
      assert.equal(await readFile(join(terminal.folder, 'typo.yaml'), 'utf8'), TYPO);
    });

    it('answers 1 while an Error is left', async () => {
      const { code, err } = await terminal.run('analyze', 'web.yaml', '--fix');
      assert.deepEqual([code, err], [1, '0 findings mended, 1 left to you: lateen analyze tells them\n']);
    });
  });
});
