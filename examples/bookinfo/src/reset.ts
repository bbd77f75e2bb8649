// npm run reset: forgets everything a deployment kept, certificates and applied resources included.
import { rmSync } from 'node:fs';
import { parseOptions } from './deployment/options.ts';
import { requireUnused } from './deployment/state-folder.ts';

try {
  const { stateDir } = parseOptions(process.argv.slice(2), process.env['INIT_CWD']);
  requireUnused(stateDir);
  rmSync(stateDir, { recursive: true, force: true });
  process.stdout.write(`${stateDir} is gone; the next \`npm start\` begins anew\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
