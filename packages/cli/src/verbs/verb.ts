import type { Command } from 'commander';
import type { CliIo, ExitCode } from '../io.ts';

/** One word of the command line: declares its options, and says what running it came to through `done`. */
export type Verb = (program: Command, io: CliIo, done: (code: ExitCode) => void) => void;
