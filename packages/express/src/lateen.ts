import type { ServerResponse } from 'node:http';
import { lateenErrorIn, localReplyBody } from '@lateen/core';
import type { CurrentRequest, InboundMesh } from '@lateen/server';
import type { Application, ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';

declare global {
  namespace Express {
    interface Request {
      /** The mesh's view of this request: principal, deadline, trace. Undefined where the mesh does not run. */
      readonly mesh?: CurrentRequest | undefined;
    }
  }
}

/**
 * Lateen in an Express 4 or 5 application: `app.use(lateen(mesh))`, before the routes.
 *
 * Adds the route template to metrics and spans, `req.mesh` (= `mesh.current()`), and, after all routes, the answer to a
 * `LateenError` that nobody caught: its status and flag instead of 500. Where the application listens by its own means instead of
 * through `mesh.createServer`, requests are authenticated and recorded here.
 */
export function lateen(mesh: InboundMesh): RequestHandler {
  const answering = new WeakSet<Application>();
  return (request, response, next) => {
    if (!answering.has(request.app)) {
      answering.add(request.app);
      request.app.use(lateenErrors()); // on the first request every route is there, so this comes last
    }
    mesh.accept(request, response, (error) => {
      if (error) return next(error);
      Object.defineProperty(request, 'mesh', { get: () => mesh.current(), configurable: true });
      nameRouteBeforeRecording(mesh, request, response);
      next();
    });
  };
}

/** The error handler alone, for applications that want it in a place of their own choice. */
export function lateenErrors(): ErrorRequestHandler {
  return (error: unknown, _request: Request, response: Response, next: NextFunction) => {
    const failure = lateenErrorIn(error);
    if (!failure || response.headersSent) return next(error);
    response.status(failure.status).set('x-lateen-flag', failure.flag).type('text/plain').send(localReplyBody(failure.code));
  };
}

/** Express knows the route only once a handler runs; the record is written when the response ends, so the name is given just before. */
function nameRouteBeforeRecording(mesh: InboundMesh, request: Request, response: ServerResponse): void {
  const name = (): void => {
    const { route } = request as { route?: { path: unknown } };
    if (typeof route?.path === 'string') mesh.setRoute(request, `${request.baseUrl}${route.path}`);
  };
  response.prependOnceListener('finish', name);
  response.prependOnceListener('close', name);
}
