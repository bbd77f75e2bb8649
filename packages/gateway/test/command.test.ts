import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ask, freePorts, gatewayYaml } from './support.ts';

const COMMAND = pathToFileURL(join(import.meta.dirname, '../src/command.ts')).href;

/** The command as a process of its own, from source. */
function run(argv: readonly string[], environment: Record<string, string> = {}): ChildProcessWithoutNullStreams {
  const script = `import(${JSON.stringify(COMMAND)}).then((m) => m.runGateway(${JSON.stringify(argv)}, process.env))`;
  const flags = ['--conditions=@lateen/source', '--disable-warning=ExperimentalWarning', '--eval', script];
  return spawn(process.execPath, flags, {
    env: { PATH: process.env['PATH'], LATEEN_LOG: 'error', LATEEN_ADMIN: 'false', ...environment },
  });
}

async function output(child: ChildProcessWithoutNullStreams): Promise<{ code: number | null; out: string; err: string }> {
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => (out += chunk));
  child.stderr.on('data', (chunk) => (err += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

describe('lateen-gateway', () => {
  it('says where it listens, serves, and leaves on SIGTERM with 0', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lateen-gateway-'));
    const [port] = await freePorts(1);
    writeFileSync(join(folder, 'gateway.yaml'), gatewayYaml('edge', [port - 1]));
    const child = run(['--config', folder], { LATEEN_PORT_OFFSET: '1' });
    const done = output(child);
    const [ready] = (await once(child.stdout, 'data')) as [Buffer];
    assert.equal(ready.toString(), `lateen-gateway ready on http://127.0.0.1:${port}\n`);
    assert.equal((await ask(port, '/')).status, 404);
    child.kill('SIGTERM');
    const { code, err } = await done;
    assert.equal(code, 0);
    assert.equal(err, '');
    rmSync(folder, { recursive: true });
  });

  it('stays alive while no Gateway asks for a port', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lateen-gateway-'));
    writeFileSync(join(folder, 'gateway.yaml'), gatewayYaml('other', [8080], 'istio: egressgateway'));
    const child = run(['--config', folder]);
    const done = output(child);
    const [ready] = (await once(child.stdout, 'data')) as [Buffer];
    assert.match(ready.toString(), /no port: no Gateway selects it yet/);
    child.kill('SIGINT');
    assert.equal((await done).code, 0);
    rmSync(folder, { recursive: true });
  });

  it('ends with 2 and one sentence for a wrong command line', async () => {
    const unknown = await output(run(['--prot', '1']));
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /^lateen-gateway: Unknown option '--prot'.*`lateen-gateway --help` lists the options\n$/s);
    const bare = await output(run([]));
    assert.equal(bare.code, 2);
    assert.match(bare.err, /no configuration to follow; set control \(LATEEN_CONTROL\)/);
  });
});
