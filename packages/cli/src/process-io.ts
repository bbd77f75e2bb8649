import { text } from 'node:stream/consumers';
import { systemClock } from '@lateen/core';
import type { CliIo } from './io.ts';

/** The real terminal. A reader that leaves early (`lateen get | head -1`) ends the command without a word, as it does for others. */
export function processIo(): CliIo {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return {
    out: (line) => void process.stdout.write(line),
    err: (line) => void process.stderr.write(line),
    readStdin: () => text(process.stdin),
    environment: process.env,
    workingDirectory: process.cwd(),
    colours: process.stdout.isTTY === true && !process.env['NO_COLOR'],
    clock: systemClock,
  };
}
