import type { FastifyPluginCallback } from 'fastify';
import type { Environment } from '../backends/backend-address.ts';
import { forwardedHeaders } from '../backends/forwarded-headers.ts';
import type { AskRatings, Rating } from './ask-ratings.ts';

/** What reviews answers; note that `id` is a string here and a number everywhere else. */
export interface BookReviews {
  readonly id: string;
  readonly podname: string;
  readonly clustername: string;
  readonly reviews: readonly Review[];
}

export interface Review {
  readonly reviewer: string;
  readonly text: string;
  readonly rating?: Rating;
}

export interface ReviewsOptions {
  /** Undefined in v1, which knows no stars. */
  readonly askRatings: AskRatings | undefined;
  readonly environment: Environment;
}

const REVIEWS: readonly Review[] = [
  {
    reviewer: 'Reviewer1',
    text: 'An extremely entertaining play by Shakespeare. The slapstick humour is refreshing!',
  },
  {
    reviewer: 'Reviewer2',
    text: 'Absolutely fun and entertaining. The play lacks thematic depth when compared to other plays by Shakespeare.',
  },
];

/** Two reviews of the book: bare in v1, with black stars in v2, with red ones in v3. */
export function reviews({ askRatings, environment }: ReviewsOptions): FastifyPluginCallback {
  const podname = environment['HOSTNAME'] ?? 'null';
  const clustername = environment['CLUSTER_NAME'] ?? 'null';
  return (app, _options, done) => {
    app.get('/health', () => ({ status: 'Reviews is healthy' }));
    app.get<{ Params: { id: string } }>('/reviews/:id', async (request, reply) => {
      if (!/^[+-]?\d+$/.test(request.params.id)) return reply.callNotFound();
      const id = String(Number(request.params.id));
      const ratingOf = await askRatings?.(id, forwardedHeaders(request.headers));
      const list = ratingOf ? REVIEWS.map((review) => ({ ...review, rating: ratingOf(review.reviewer) })) : REVIEWS;
      return { id, podname, clustername, reviews: list } satisfies BookReviews;
    });
    done();
  };
}
