// Plain JavaScript, so that a checkout that was never built can say so.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PARTS = [
  '@lateen-examples/bookinfo',
  'lateen',
  '@lateen/express',
  '@lateen/fastify',
  '@lateen/daemon',
  '@lateen/gateway',
  '@lateen/control',
];

/** Ends the process with one sentence when something that is about to be started was not built or can't run here. */
export function requireBuild() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 19)) {
    stop(
      `Node ${process.versions.node} is too old for Lateen; start this with npm (it brings its own Node), or use Node 22.19 or newer.`,
    );
  }
  const missing = PARTS.filter((name) => !isBuilt(name));
  if (missing.length > 0)
    stop(
      `${missing.join(', ')} ${missing.length > 1 ? 'are' : 'is'} not built; run \`npm run build\` first (\`npm ci\` does it too).`,
    );
}

function isBuilt(name) {
  try {
    return existsSync(fileURLToPath(import.meta.resolve(name)));
  } catch {
    return false;
  }
}

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
