import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { askRatings } from '../src/reviews/ask-ratings.ts';
import { reviews } from '../src/reviews/reviews.ts';
import { plainRuntime } from '../src/runtime/plain-runtime.ts';
import { servers } from './helpers/serve.ts';

const FIRST = 'An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!';
const SECOND = 'Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare.';
const UNAVAILABLE = { error: 'Ratings service is currently unavailable' };

describe('reviews', () => {
  const { serve, closeAll } = servers();
  afterEach(closeAll);

  async function start(environment: Record<string, string>, ratings?: RequestListener): Promise<string> {
    const runtime = plainRuntime();
    const address = ratings ? new URL(await serve(runtime.http(ratings))) : undefined;
    const whole = { RATINGS_HOSTNAME: address?.hostname, RATINGS_SERVICE_PORT: address?.port, ...environment };
    return serve(await runtime.fastify(reviews({ askRatings: askRatings(fetch, whole), environment: whole })));
  }

  const jsonOf = async (address: string, headers = {}): Promise<unknown> =>
    (await fetch(`${address}/reviews/0`, { headers })).json();

  it('has no stars in v1, a string for an id, and "null" for names it does not have', async () => {
    const response = await fetch(`${await start({ ENABLE_RATINGS: 'false' })}/reviews/0`);
    assert.equal(response.status, 200);
    const reviews = [
      { reviewer: 'Reviewer1', text: FIRST },
      { reviewer: 'Reviewer2', text: SECOND },
    ];
    assert.equal(await response.text(), JSON.stringify({ id: '0', podname: 'null', clustername: 'null', reviews }));
  });

  it('has stars of its colour in v2 and v3, and names itself', async () => {
    const ratings: RequestListener = (_request, response) => response.end('{"id":0,"ratings":{"Reviewer1":5,"Reviewer2":4}}');
    const names = { HOSTNAME: 'reviews-v3-1', CLUSTER_NAME: 'north' };
    const black = await start({ ENABLE_RATINGS: 'true' }, ratings);
    const red = await start({ ENABLE_RATINGS: 'true', STAR_COLOR: 'red', ...names }, ratings);
    assert.deepEqual(await jsonOf(red), {
      id: '0',
      podname: 'reviews-v3-1',
      clustername: 'north',
      reviews: [
        { reviewer: 'Reviewer1', text: FIRST, rating: { stars: 5, color: 'red' } },
        { reviewer: 'Reviewer2', text: SECOND, rating: { stars: 4, color: 'red' } },
      ],
    });
    assert.match(JSON.stringify(await jsonOf(black)), /"stars":5,"color":"black"/);
  });

  it('answers 200 with an error per reviewer when ratings has none for them', async () => {
    const broken: RequestListener[] = [
      (_request, response) =>
        response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":"Service unavailable"}'),
      (_request, response) => response.end('no JSON'),
      (request) => request.socket.destroy(),
    ];
    for (const ratings of broken) {
      const { reviews } = (await jsonOf(await start({ ENABLE_RATINGS: 'true' }, ratings))) as { reviews: { rating: object }[] };
      assert.deepEqual(
        reviews.map((review) => review.rating),
        [UNAVAILABLE, UNAVAILABLE],
      );
    }
    const half: RequestListener = (_request, response) => response.end('{"id":0,"ratings":{"Reviewer2":1}}');
    const { reviews } = (await jsonOf(await start({ ENABLE_RATINGS: 'true' }, half))) as { reviews: { rating: object }[] };
    assert.deepEqual(
      reviews.map((review) => review.rating),
      [UNAVAILABLE, { stars: 1, color: 'black' }],
    );
  });

  it('waits ten seconds for black stars, two and a half for others', async () => {
    const limits: number[] = [];
    const original = AbortSignal.timeout;
    AbortSignal.timeout = (timeoutMs) => {
      limits.push(timeoutMs);
      return original.call(AbortSignal, timeoutMs);
    };
    try {
      const never = (async () => new Response('{}', { status: 503 })) as typeof fetch;
      for (const STAR_COLOR of [undefined, 'black', 'red']) {
        await askRatings(never, { ENABLE_RATINGS: 'true', STAR_COLOR })?.('0', {});
      }
    } finally {
      AbortSignal.timeout = original;
    }
    assert.deepEqual(limits, [10_000, 10_000, 2_500]);
  });

  it('tells ratings who the reader is', async () => {
    let seen: unknown;
    const ratings: RequestListener = (request, response) => {
      const { 'end-user': user, cookie, authorization, 'x-mine': mine } = request.headers;
      seen = { user, cookie, authorization, mine };
      response.end('{"ratings":{}}');
    };
    const address = await start({ ENABLE_RATINGS: 'true' }, ratings);
    await jsonOf(address, { 'end-user': 'jason', cookie: 'session=a', authorization: 'Bearer b', 'x-mine': 'c' });
    assert.deepEqual(seen, { user: 'jason', cookie: 'session=a', authorization: 'Bearer b', mine: undefined });
  });

  it('is healthy, and knows no book without a number', async () => {
    const address = await start({});
    assert.deepEqual(await (await fetch(`${address}/health`)).json(), { status: 'Reviews is healthy' });
    assert.equal((await fetch(`${address}/reviews/zero`)).status, 404);
  });
});
