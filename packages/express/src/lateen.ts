import { lateenErrorIn, localReplyBody } from '@lateen/core';
import type { CurrentRequest, InboundMesh } from '@lateen/server';
import type { Application, ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express';
import { routeTemplates } from './route-templates.ts';

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
 * Adds the route template to metrics and spans, `req.mesh` (= `mesh.current()`), and, behind all routes there are when the first request comes,
 * the answer to a `LateenError` that nobody caught: its status and flag instead of 500. An error handler of the application's own comes before it
 * and may pass on with `next(error)`; for another place use {@link lateenErrors}. Where the application listens by its own means instead of
 * through `mesh.createServer`, requests are authenticated and recorded here.
 */
export function lateen(mesh: InboundMesh): RequestHandler {
  const prepared = new WeakSet<Application>();
  const templateOf = routeTemplates();
  /** Express knows the route only once a handler runs; the record is written when the response closes, so the name is given just before. */
  const nameRoute = function (this: Response): void {
    const template = templateOf(this.req);
    if (template) mesh.setRoute(this.req, template);
  };
  return (request, response, next) => {
    if (!prepared.has(request.app)) {
      prepared.add(request.app);
      prepare(request.app, mesh);
    }
    response.prependListener('close', nameRoute);
    mesh.accept(request, response, next);
  };
}

/** Once per application, at its first request: then every route is there, and what is added now comes behind them. */
function prepare(app: Application, mesh: InboundMesh): void {
  const { request } = app as unknown as { readonly request: Request }; // the prototype of its requests, missing in the types
  Object.defineProperty(request, 'mesh', { get: () => mesh.current(), configurable: true });
  app.use(lateenErrors());
}

/** The error handler alone, for applications that want it in a place of their own choice. */
export function lateenErrors(): ErrorRequestHandler {
  return (error: unknown, _request: Request, response: Response, next: NextFunction) => {
    const failure = lateenErrorIn(error);
    if (!failure || response.headersSent) return next(error);
    response.status(failure.status).set('x-lateen-flag', failure.flag).type('text/plain').send(localReplyBody(failure.code));
  };
}
