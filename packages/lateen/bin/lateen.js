#!/usr/bin/env node
// `npx lateen` works wherever lateen is installed: this runs @lateen/cli, or says how to get it.
let cli;
try {
  cli = await import('@lateen/cli');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !error.message.includes("'@lateen/cli'")) throw error;
  process.stderr.write('The command line is a package of its own. Install it with: npm install --save-dev @lateen/cli\n');
  process.exit(2);
}
process.exitCode = await cli.runCli(process.argv.slice(2), cli.processIo());
