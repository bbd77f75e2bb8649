import { isLateenError } from '@lateen/core';
import { type Finding, formatFinding } from '@lateen/resources';
import { Command, CommanderError } from 'commander';
import { type CliIo, type ExitCode, UsageError } from './io.ts';
import { VERBS } from './verbs/index.ts';

/**
 * Runs one command line (`['apply', '-f', 'x.yaml']`) and resolves with its exit code. Never throws: a failure is one sentence on stderr.
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = new Command('lateen').description('The mesh that lives inside your processes.').exitOverride();
  program.configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) });
  try {
    const asked = argv.find((word) => !word.startsWith('-'));
    const chosen = asked && Object.hasOwn(VERBS, asked) ? [asked] : Object.keys(VERBS);
    for (const name of chosen) (await (VERBS[name] as (typeof VERBS)[string])())(program, io, (verdict) => (code = verdict));
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return failure(error, io);
  }
}

function failure(error: unknown, io: CliIo): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said why
  if (error instanceof UsageError) {
    io.err(`lateen: ${error.message}\n`);
    return 2;
  }
  const { findings = [] } = error as { findings?: readonly Finding[] };
  for (const finding of findings) io.err(`${formatFinding(finding)}\n`);
  io.err(`lateen: ${(error as Error).message}\n`);
  if (!isLateenError(error)) io.err(`${(error as Error).stack}\n`);
  return 1;
}
