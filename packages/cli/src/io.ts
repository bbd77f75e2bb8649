import type { Clock } from '@lateen/core';

/** Where a verb reads and writes: the terminal, or a test's buffers. */
export interface CliIo {
  out(text: string): void;
  err(text: string): void;
  /** All of stdin, for `-f -`. */
  readStdin(): Promise<string>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Colours and check marks: a terminal without `NO_COLOR`. */
  readonly colours: boolean;
  readonly clock: Clock;
}

/** 0: fine; 1: problems found, or it could not be done; 2: the command line makes no sense. */
export type ExitCode = 0 | 1 | 2;

/** Said on stderr as one line, then exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
