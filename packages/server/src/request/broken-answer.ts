import type { ServerResponse } from 'node:http';
import { localReplyBody } from '@lateen/core';

/**
 * An application that breaks off before it has begun to answer gives its caller what a sidecar would make of it, instead of a closed connection. One
 * that has begun cuts the answer, as ever.
 *
 * @param onBroken called before the answer is given
 */
export function answerWhenBroken(response: ServerResponse, onBroken: () => void): void {
  const { destroy } = response;
  response.destroy = ((error?: Error) => {
    const isMine = !response.headersSent && !response.destroyed && response.socket?.writable === true;
    response.destroy = destroy;
    if (!isMine) return destroy.call(response, error);
    onBroken();
    const body = localReplyBody('LATEEN_UPSTREAM_RESET');
    response.writeHead(503, { 'content-type': 'text/plain', 'content-length': body.length });
    return response.end(body);
  }) as ServerResponse['destroy'];
}
