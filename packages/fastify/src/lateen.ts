import { lateenErrorIn, localReplyBody } from '@lateen/core';
import type { CurrentRequest, InboundMesh } from '@lateen/server';
import type { FastifyError, FastifyInstance, FastifyPluginCallback, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyRequest {
    /** The mesh's view of this request: principal, deadline, trace. Undefined where the mesh does not run. */
    readonly mesh: CurrentRequest | undefined;
  }
}

export interface LateenPluginOptions {
  readonly mesh: InboundMesh;
}

/**
 * Lateen in a Fastify 5 application: `Fastify({ serverFactory: mesh.serverFactory })`, then `await fastify.register(lateen, { mesh })`.
 *
 * Adds the route template to metrics and spans, `request.mesh` (= `mesh.current()`), and an error handler that answers a `LateenError`
 * nobody caught with its status and flag; an own `setErrorHandler` takes its place. Where the application listens without `serverFactory`,
 * requests are authenticated and recorded here.
 */
export const lateen: FastifyPluginCallback<LateenPluginOptions> = fastifyPlugin(
  (fastify: FastifyInstance, { mesh }: LateenPluginOptions, done: (error?: Error) => void) => {
    fastify.decorateRequest('mesh', { getter: () => mesh.current() });
    fastify.addHook('onRequest', (request, reply, next) => {
      mesh.accept(request.raw, reply.raw, (error) => {
        if (request.routeOptions.url) mesh.setRoute(request.raw, request.routeOptions.url);
        next(error as Error | undefined);
      });
    });
    fastify.setErrorHandler(answerLateenError);
    done();
  },
  { fastify: '5.x', name: '@lateen/fastify' },
);

function answerLateenError(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): void {
  const failure = lateenErrorIn(error);
  if (!failure) return void reply.send(error);
  void reply
    .code(failure.status)
    .header('x-lateen-flag', failure.flag)
    .type('text/plain; charset=utf-8')
    .send(localReplyBody(failure.code));
}
