import type { Duplex } from 'node:stream';
import { type Answer, PATIENCE_MS } from './caller.ts';
import { ResponseReader } from './response-reader.ts';

/** Sends a request byte by byte and reads one answer; the connection is closed afterwards. */
export function rawExchange(connection: Duplex, request: string): Promise<Answer> {
  const reader = new ResponseReader(request.startsWith('HEAD '));
  const startedAt = performance.now();
  return new Promise((resolve) => {
    let isOver = false;
    const finish = (error: string | undefined): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      connection.destroy();
      resolve({ ...reader.result(error), durationMs: performance.now() - startedAt });
    };
    const timer = setTimeout(() => finish('no answer in time'), PATIENCE_MS);
    connection.on('data', (chunk: Buffer) => {
      reader.push(chunk);
      if (reader.isComplete) finish(undefined);
    });
    connection.on('error', (error: Error) => finish(error.message));
    connection.on('end', () => finish(reader.end()));
    connection.on('close', () => finish(reader.end()));
    connection.write(request, 'latin1');
  });
}
