import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const CLIENT = join(import.meta.dirname, '../src/index.ts');
const UNDICI = join(import.meta.dirname, '../src/undici.ts');

/** What a fresh process prints that runs `code`; `before()` and `after()` tell the global dispatchers by identity. */
function inFreshProcess(code: string): unknown {
  const script = `
    const symbols = [Symbol.for('undici.globalDispatcher.1'), Symbol.for('undici.globalDispatcher.2')];
    const known = [];
    const look = () => symbols.map((symbol) => {
      const descriptor = Object.getOwnPropertyDescriptor(globalThis, symbol);
      if (!descriptor) return 'absent';
      if (!known.includes(descriptor.value)) known.push(descriptor.value);
      return known.indexOf(descriptor.value) + (descriptor.configurable ? ' configurable' : '');
    });
    const client = ${JSON.stringify(CLIENT)};
    const own = ${JSON.stringify(UNDICI)};
    (async () => { ${code} })();
  `;
  const args = ['--conditions=@lateen/source', '--no-warnings', '--input-type=commonjs', '-e', script];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

describe('undici', () => {
  it('leaves the runtime’s dispatchers as they were, absent ones absent', () => {
    const seen = inFreshProcess(
      `const before = look(); await import(own); console.log(JSON.stringify({ before, after: look() }));`,
    ) as Record<string, unknown>;
    assert.deepEqual(seen['before'], ['absent', 'absent']);
    assert.deepEqual(seen['after'], seen['before']);
  });

  it('leaves those alone that fetch or an application has set', () => {
    const seen = inFreshProcess(`
      await fetch('data:,x');
      globalThis[symbols[0]] = { dispatch() { throw new Error('the application’s own'); } };
      const before = look(); await import(client); console.log(JSON.stringify({ before, after: look() }));
    `) as Record<string, unknown>;
    assert.deepEqual(seen['after'], seen['before']);
  });

  it('adds no other global and replaces none', () => {
    const seen = inFreshProcess(`
      // "node -e" itself writes "module".
      const snapshot = () => Object.getOwnPropertyNames(globalThis).filter((name) => name !== 'module').map((name) => {
        const { value } = Object.getOwnPropertyDescriptor(globalThis, name);
        return [name, value];
      });
      const { defineProperty } = Object;
      // Some globals are made when they are first looked at.
      for (const name of Object.getOwnPropertyNames(globalThis)) void globalThis[name];
      const before = snapshot(); await import(client); const after = snapshot();
      const same = ([name, value], index) => before[index]?.[0] === name && Object.is(before[index]?.[1], value);
      const changed = after.filter((entry, index) => !same(entry, index)).map(([name]) => name);
      console.log(JSON.stringify({ changed, same: Object.defineProperty === defineProperty }));
    `) as Record<string, unknown>;
    assert.deepEqual(seen, { changed: [], same: true });
  });

  it('leaves an application’s own use of undici working', () => {
    const seen = inFreshProcess(`
      await import(client);
      const undici = require('undici');
      const server = require('node:http').createServer((_q, s) => s.end('own')).listen(0);
      const answer = await undici.request('http://127.0.0.1:' + server.address().port);
      console.log(JSON.stringify(await answer.body.text()));
      server.close(); server.closeAllConnections();
    `);
    assert.equal(seen, 'own');
  });
});
