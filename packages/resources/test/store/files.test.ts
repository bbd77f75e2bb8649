import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isLateenError, type Logger, silentLogger, systemClock, whenValue } from '@lateen/core';
import { loadResources } from '../../src/store/load-resources.ts';
import { type ResourceStore, watchResources } from '../../src/store/watch-resources.ts';

const rule = (name: string, host = name): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: ${name}}\nspec: {hosts: [${host}], http: [{route: [{destination: {host: ${host}}}]}]}\n`;
const BAD = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: bad}\nspec: {hosts: [a], htttp: []}\n';
const OPTIONS = { defaultNamespace: 'default' };

describe('configuration files', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  /** All at once, as a careful editor writes: half a file is another configuration. */
  const put = async (name: string, text: string): Promise<void> => {
    await writeFile(at(`${name}.tmp`), text);
    await rename(at(`${name}.tmp`), at(name));
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lateen-resources-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  describe('loadResources', () => {
    it('reads files and whole folders in the order of their names, and nothing else that lies there', async () => {
      await mkdir(at('mesh/nested'), { recursive: true });
      await mkdir(at('mesh/..2026_01_01'));
      await writeFile(at('mesh/b.yml'), rule('b'));
      await writeFile(at('mesh/a.yaml'), rule('a'));
      await writeFile(
        at('mesh/nested/n.json'),
        JSON.stringify({
          ...{ apiVersion: 'networking.istio.io/v1', kind: 'Gateway' },
          metadata: { name: 'n' },
          spec: { servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }] },
        }),
      );
      await writeFile(at('mesh/..2026_01_01/old.yaml'), rule('old'));
      await writeFile(at('mesh/README.md'), 'no: yaml: at: all');
      await writeFile(at('single.yaml'), rule('single'));
      const { resources, findings } = await loadResources([at('single.yaml'), at('mesh')], OPTIONS);
      assert.deepEqual(findings, []);
      assert.deepEqual(
        resources.map(({ metadata, origin }) => [metadata.name, origin.file]),
        [
          ['single', at('single.yaml')],
          ['a', at('mesh/a.yaml')],
          ['b', at('mesh/b.yml')],
          ['n', at('mesh/nested/n.json')],
        ],
      );
    });

    it('reads the standard input, and a file that is named twice once', async () => {
      await writeFile(at('a.yaml'), rule('a'));
      const stdin = (async function* () {
        yield Buffer.from(rule('piped'));
      })();
      const { resources, findings } = await loadResources([at('a.yaml'), '-', folder], { ...OPTIONS, stdin });
      assert.deepEqual(findings, []);
      assert.deepEqual(
        resources.map(({ metadata, origin }) => [metadata.name, origin.file]),
        [
          ['a', at('a.yaml')],
          ['piped', '-'],
        ],
      );
    });

    it('tells of a resource that is written in two files, and takes the later', async () => {
      await writeFile(at('a.yaml'), rule('a', 'one'));
      await writeFile(at('b.yaml'), rule('a', 'two'));
      const { resources, findings } = await loadResources([folder], OPTIONS);
      assert.deepEqual(
        resources.map(({ origin }) => origin.file),
        [at('b.yaml')],
      );
      assert.deepEqual(
        findings.map(({ code, reference, message }) => [code, reference, message]),
        [['LTN0006', `${at('a.yaml')}:1`, `this is written again in ${at('b.yaml')}:1, and only the later counts`]],
      );
    });

    it('keeps what Istio takes and we refuse only for those who look', async () => {
      await writeFile(
        at('a.yaml'),
        'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec: {}\n',
      );
      const running = await loadResources([folder], OPTIONS);
      const looking = await loadResources([folder], { ...OPTIONS, refusals: 'Info' });
      assert.deepEqual([running.resources.length, running.readable.length, running.findings[0]?.level], [0, 1, 'Error']);
      assert.deepEqual([looking.resources.length, looking.readable.length, looking.findings[0]?.level], [1, 1, 'Info']);
    });

    it('tells of a file that is not UTF-8 and goes on with the others', async () => {
      await writeFile(at('a.yaml'), Buffer.from([0x6e, 0xe4, 0x3a]));
      await writeFile(at('b.yaml'), rule('b'));
      const { resources, findings } = await loadResources([folder], OPTIONS);
      assert.equal(resources.length, 1);
      assert.deepEqual(
        findings.map(({ code, reference, message, fix }) => [code, reference, message, fix]),
        [['LTN0003', `${at('a.yaml')}:1`, 'the file is not UTF-8', 'save it as UTF-8']],
      );
    });

    for (const [what, name] of [
      ['a path that is not there', 'none.yaml'],
      ['a link to nowhere', 'mesh'],
    ] as const) {
      it(`refuses ${what}, by its name`, async () => {
        await mkdir(at('mesh'));
        await symlink(at('nowhere'), at('mesh/link.yaml'));
        await assert.rejects(
          loadResources([at(name)], OPTIONS),
          (error) => isLateenError(error) && error.code === 'LATEEN_CONFIG_INVALID' && error.message.startsWith(at(name)),
        );
      });
    }
  });

  describe('watchResources', () => {
    let store: ResourceStore | undefined;
    afterEach(() => store?.close());
    const watch = async (name: string, logger: Logger = silentLogger): Promise<ResourceStore> => {
      store = await watchResources(at(name), { ...OPTIONS, clock: systemClock, logger, debounceMs: 5 });
      return store;
    };
    const hostsOf = ({ revision }: ResourceStore): string =>
      revision.value.resources.flatMap(({ spec }) => (spec as { hosts?: string[] }).hosts?.[0] ?? []).join(' ');
    const becomes = (watched: ResourceStore, hosts: string) => whenValue(watched.revision, () => hostsOf(watched) === hosts);

    it('follows changed, new and deleted files of a folder', async () => {
      await put('a.yaml', rule('a'));
      const watched = await watch('.');
      assert.equal(watched.revision.value.number, 1);
      await put('a.yaml', rule('a', 'a2'));
      await becomes(watched, 'a2');
      await put('b.yaml', rule('b'));
      await becomes(watched, 'a2 b');
      await unlink(at('a.yaml'));
      await becomes(watched, 'b');
      assert.equal(watched.revision.value.number, 4);
    });

    it('tells what has no effect, once', async () => {
      const lines: string[] = [];
      const logger = { ...silentLogger, info: (line: string) => void lines.push(line) };
      const group = 'apiVersion: networking.istio.io/v1\nkind: WorkloadGroup\nmetadata: {name: g}\nspec: {template: {}}\n';
      await put('a.yaml', rule('a') + '---\n' + group);
      const watched = await watch('.', logger);
      await put('b.yaml', rule('b'));
      await becomes(watched, 'a b');
      assert.equal(lines.length, 1);
      assert.match(
        lines[0] as string,
        /^Info \[LTN0008\] \(WorkloadGroup default\/g .*a\.yaml:\d+\) kind WorkloadGroup has no effect/,
      );
    });

    it('follows a file that is put in the place of the old one, again and again', async () => {
      await put('mesh.yaml', rule('a'));
      const watched = await watch('mesh.yaml');
      for (const host of ['a2', 'a3', 'a4']) {
        await put('mesh.yaml', rule('a', host));
        await becomes(watched, host);
      }
    });

    it('follows folders that come and go below', async () => {
      await put('a.yaml', rule('a'));
      const watched = await watch('.');
      await mkdir(at('later'));
      await put('later/b.yaml', rule('b'));
      await becomes(watched, 'a b');
      await put('later/b.yaml', rule('b', 'b2'));
      await becomes(watched, 'a b2');
      await rm(at('later'), { recursive: true });
      await becomes(watched, 'a');
    });

    it('takes the later of two resources of one name', async () => {
      await put('a.yaml', rule('a', 'early'));
      await put('b.yaml', rule('a', 'late'));
      assert.equal(hostsOf(await watch('.')), 'late');
    });

    it('refuses a bad change as a whole, tells all of it, and keeps the last good revision', async () => {
      await put('a.yaml', rule('a'));
      let tell: (message: string) => void = () => {};
      const refused = new Promise<string>((resolve) => (tell = resolve));
      const watched = await watch('.', { ...silentLogger, error: (message) => tell(message) });
      const first = watched.revision.value;
      await put('new.yaml', rule('new'));
      await put('bad.yaml', `${BAD}---\n${BAD}`);
      const said = await refused;
      assert.match(said, /is refused, revision \d stays in force:\n/);
      assert.match(said, /bad\.yaml:4\) unknown field "htttp"; did you mean http\?/);
      assert.match(said, /bad\.yaml:9\)/);
      assert.equal(
        watched.revision.value.resources.some(({ metadata }) => metadata.name === 'bad'),
        false,
      );
      assert.ok(watched.revision.value === first || hostsOf(watched) === 'a new');
      await put('bad.yaml', rule('bad', 'mended'));
      await becomes(watched, 'a mended new');
    });

    it('does not start on a bad configuration, and says all that is wrong', async () => {
      await put('bad.yaml', BAD);
      await put('worse.yaml', 'spec: [');
      await assert.rejects(watch('.'), (error) => {
        assert.ok(isLateenError(error));
        assert.equal(error.code, 'LATEEN_CONFIG_INVALID');
        assert.match(error.message, /bad\.yaml:4\).*\n.*worse\.yaml:/s);
        return true;
      });
    });

    it('tells nobody when nothing was said anew', async () => {
      await put('a.yaml', rule('a'));
      const watched = await watch('.');
      const told: number[] = [];
      watched.revision.subscribe(({ number }) => told.push(number));
      await put('a.yaml', `# the same, with a remark\n${rule('a')}`);
      await put('z.yaml', rule('z'));
      await becomes(watched, 'a z');
      assert.deepEqual(told, [2]);
    });
  });
});
