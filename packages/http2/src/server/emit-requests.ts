import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * Hands requests to the listeners of an `http.Server` as its own HTTP/1.1 does: `checkContinue` and `checkExpectation` where a client asks for it,
 * else `request`.
 */
export function emitRequests(server: Server): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const { expect } = request.headers;
    if (expect === undefined) server.emit('request', request, response);
    else if (!/^100-continue$/i.test(expect)) refuseExpectation(server, request, response);
    else if (!server.emit('checkContinue', request, response)) {
      response.writeContinue();
      server.emit('request', request, response);
    }
  };
}

function refuseExpectation(server: Server, request: IncomingMessage, response: ServerResponse): void {
  if (server.emit('checkExpectation', request, response)) return;
  response.writeHead(417);
  response.end();
}
