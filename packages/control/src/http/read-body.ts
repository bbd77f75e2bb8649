import type { IncomingMessage } from 'node:http';

/** The whole body as UTF-8. Rejects beyond `maxBytes`, and when it breaks off. */
export function readBody(message: IncomingMessage, maxBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) message.destroy(new Error(`the body is larger than ${maxBytes} bytes`));
      else chunks.push(chunk);
    });
    message.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    message.on('error', reject);
    message.on('close', () => reject(new Error('the body broke off')));
  });
}
