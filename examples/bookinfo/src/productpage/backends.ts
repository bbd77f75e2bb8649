import type { BookDetails } from '../details/book-details.ts';
import type { BookReviews } from '../reviews/reviews.ts';
import { backendAddress, type Environment } from '../backends/backend-address.ts';
import { CallCounter } from './call-counter.ts';

/** What a backend said, or that it said nothing useful. */
export type Answer<Body> = { readonly status: 200; readonly body: Body } | { readonly status: number; readonly body: Failure };

export interface Failure {
  readonly error: string;
}

type Ask<Body> = (product: string, headers: Readonly<Record<string, string>>) => Promise<Answer<Body>>;
type BackendName = 'details' | 'reviews' | 'ratings';

export interface Backends {
  readonly details: Ask<BookDetails>;
  readonly reviews: Ask<BookReviews>;
  readonly ratings: Ask<object>;
  readonly addresses: Readonly<Record<BackendName, string>>;
  readonly calls: CallCounter;
}

const PATIENCE_MS = 3_000;

/** reviews is asked once more, at once, when the first answer is no good: with ten seconds of patience behind it that is one of Bookinfo's planted bugs. */
const TRIES: Readonly<Record<BackendName, number>> = { details: 1, reviews: 2, ratings: 1 };

export function connectBackends(fetch: typeof globalThis.fetch, environment: Environment): Backends {
  const calls = new CallCounter();
  const addresses = {
    details: backendAddress('details', environment),
    reviews: backendAddress('reviews', environment),
    ratings: backendAddress('ratings', environment),
  };

  function backend<Body>(name: BackendName): Ask<Body> {
    return async (product, headers) => {
      let status = 500;
      for (let attempt = 1; attempt <= TRIES[name]; attempt++) {
        const answer = await ask<Body>(fetch, `${addresses[name]}/${name}/${encodeURIComponent(product)}`, headers);
        status = answer?.status ?? 500;
        calls.count(name, status);
        if (answer?.body !== undefined) return { status: 200, body: answer.body };
      }
      return { status, body: { error: `Sorry, product ${name} are currently unavailable for this book.` } };
    };
  }

  return { details: backend('details'), reviews: backend('reviews'), ratings: backend('ratings'), addresses, calls };
}

/** Undefined when no whole answer came in time; `body` only with status 200. */
async function ask<Body>(
  fetch: typeof globalThis.fetch,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; body?: Body } | undefined> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.status === 200) return { status: 200, body: (await response.json()) as Body };
    await response.body?.cancel();
    return { status: response.status };
  } catch {
    return undefined;
  }
}
