import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Behaviour } from './behaviour.ts';

/** Stars by reviewer: `{"Reviewer1":5,"Reviewer2":4}`. */
export type Stars = Readonly<Record<string, number>>;

const DEFAULT_STARS: Stars = { Reviewer1: 5, Reviewer2: 4 };

/** Ratings kept in memory, on plain `node:http`. `behaviour` decides when to fall ill. */
export function ratings(behaviour: Behaviour): RequestListener {
  const added = new Map<number, Stars>();

  async function rate(id: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const stars = parseStars(await bodyOf(request));
    if (!stars) return answer(response, 400, { error: 'please provide valid ratings JSON' });
    added.set(id, stars);
    answer(response, 200, { id, ratings: stars });
  }

  async function tell(id: number, response: ServerResponse): Promise<void> {
    const { delayMs, unavailable } = behaviour.next();
    if (unavailable) return answer(response, 503, { error: 'Service unavailable' });
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    answer(response, 200, { id, ratings: added.get(id) ?? DEFAULT_STARS });
  }

  function health(response: ServerResponse): void {
    if (behaviour.healthy()) answer(response, 200, { status: 'Ratings is healthy' });
    else answer(response, 500, { status: 'Ratings is not healthy' });
  }

  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://ratings');
    const [, first, product] = pathname.split('/');
    if (request.method === 'GET' && pathname === '/health') return health(response);
    if (first !== 'ratings' || product === undefined || !isMethod(request.method)) return void response.writeHead(404).end();
    const id = Number.parseInt(product, 10);
    if (Number.isNaN(id)) return answer(response, 400, { error: 'please provide numeric product ID' });
    const answering = request.method === 'POST' ? rate(id, request, response) : tell(id, response);
    answering.catch(() => response.destroy()); // the caller went away while sending
  };
}

const isMethod = (method: string | undefined): boolean => method === 'GET' || method === 'POST';

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function parseStars(text: string): Stars | undefined {
  try {
    return JSON.parse(text) as Stars;
  } catch {
    return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
