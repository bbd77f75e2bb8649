import { isLateenError } from '@lateen/core';
import type { Finding } from '@lateen/resources';
import { Command, CommanderError } from 'commander';
import { type CliIo, type ExitCode, UsageError } from './io.ts';
import { PACKAGE_VERSION } from './package-version.ts';
import { VERBS } from './verbs/index.ts';

const AFTER_HELP = `
First steps:
  lateen check --pre                         could a mesh be started here?
  lateen apply -f mesh/virtual-service.yaml  in force everywhere when it returns
  lateen explain http://reviews:9080/ --from productpage

Exit codes: 0 fine, 1 problems found or not done, 2 the command line makes no sense.`;

/**
 * Runs one command line (`['apply', '-f', 'x.yaml']`) and resolves with its exit code. Never throws: a failure is one sentence on stderr.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  let code: ExitCode = 0;
  try {
    const program = await programFor(argv, io, (verdict) => (code = verdict));
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return failure(error, io);
  }
}

async function programFor(argv: readonly string[], io: CliIo, done: (code: ExitCode) => void): Promise<Command> {
  const program = new Command('lateen')
    .description('The mesh that lives inside your processes.')
    .version(PACKAGE_VERSION, '-V, --version', 'the version of this command')
    .helpOption('-h, --help', 'this text, or that of a command')
    .addHelpText('after', AFTER_HELP)
    .showHelpAfterError()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .exitOverride();
  const asked = argv.find((word) => !word.startsWith('-'));
  const chosen = asked && Object.hasOwn(VERBS, asked) ? [asked] : Object.keys(VERBS);
  for (const name of chosen) (await (VERBS[name] as (typeof VERBS)[string])())(program, io, done);
  return program;
}

async function failure(error: unknown, io: CliIo): Promise<ExitCode> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said why
  const { message, stack, code, findings = [] } = error as NodeJS.ErrnoException & { findings?: readonly Finding[] };
  if (findings.length > 0) {
    const { formatFinding } = await import('@lateen/resources');
    io.err(findings.map((finding) => `${formatFinding(finding)}\n`).join(''));
  }
  io.err(`lateen: ${message}\n`);
  if (error instanceof UsageError) return 2;
  const isOurs = isLateenError(error) || code !== undefined;
  if (!isOurs) io.err(`${stack}\n`); // a mistake in this program: whoever mends it needs the place
  return 1;
}
