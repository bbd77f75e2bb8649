import { type Clock, systemClock } from '@lateen/core';
import type { CliIo } from '../../src/io.ts';
import { type ExitCode, runCli } from '../../src/index.ts';

export interface Outcome {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Where a test types command lines: buffers for a screen, a folder to stand in, and a home of its own. */
export class Terminal {
  readonly folder: string;
  readonly clock: Clock;

  constructor(folder: string, clock: Clock = systemClock) {
    this.folder = folder;
    this.clock = clock;
  }

  run(...argv: string[]): Promise<Outcome> {
    return this.pipe('', ...argv);
  }

  /** With `stdin` on stdin. */
  async pipe(stdin: string, ...argv: string[]): Promise<Outcome> {
    let out = '';
    let err = '';
    const io: CliIo = {
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      readStdin: async () => stdin,
      environment: { HOME: this.folder, USER: 'me' },
      workingDirectory: this.folder,
      colours: false,
      clock: this.clock,
    };
    const code = await runCli(argv, io);
    return { code, out, err };
  }
}
