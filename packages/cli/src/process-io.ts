import { text } from 'node:stream/consumers';
import { systemClock } from '@lateen/core';
import type { CliIo } from './io.ts';

/** The real terminal. */
export function processIo(): CliIo {
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
