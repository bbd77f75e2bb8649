import type { InboundRequest } from './inbound-request.ts';
import { answerOverflow } from './refuse-inbound.ts';

/** Hands a request to the application, now or when its turn comes; answers it where there is no room. */
export function admit(inbound: InboundRequest, serve: () => void): void {
  const { limiter } = inbound.port;
  const { response } = inbound;
  // An upgraded connection is no request that would end.
  if (!limiter || !response) return serve();
  inbound.serve = serve;
  if (limiter.enter(inbound)) return;
  inbound.flag = 'UO';
  answerOverflow(response);
}
