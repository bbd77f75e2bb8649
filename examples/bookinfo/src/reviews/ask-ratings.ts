import { backendAddress, type Environment } from '../backends/backend-address.ts';

export type Rating = { readonly stars: number; readonly color: string } | { readonly error: string };

/** The rating each reviewer gave a book. Never rejects: without ratings each reviewer's rating says that there is none. */
export type AskRatings = (id: string, headers: Readonly<Record<string, string>>) => Promise<(reviewer: string) => Rating>;

const UNAVAILABLE: Rating = { error: 'Ratings service is currently unavailable' };

/** Bookinfo's planted bug: v2, the black one, waits longer for ratings than productpage waits for reviews. */
const PATIENCE_MS = { black: 10_000, coloured: 2_500 };

/** Undefined unless `ENABLE_RATINGS=true`; `STAR_COLOR` is black by default. */
export function askRatings(fetch: typeof globalThis.fetch, environment: Environment): AskRatings | undefined {
  if (environment['ENABLE_RATINGS'] !== 'true') return undefined;
  const color = environment['STAR_COLOR'] ?? 'black';
  const timeoutMs = color === 'black' ? PATIENCE_MS.black : PATIENCE_MS.coloured;
  const address = backendAddress('ratings', environment);
  return async (id, headers) => {
    const stars = await starsFor(fetch, `${address}/ratings/${id}`, headers, timeoutMs);
    return (reviewer) => {
      const given = stars[reviewer];
      return given === undefined ? UNAVAILABLE : { stars: given, color };
    };
  };
}

async function starsFor(
  fetch: typeof globalThis.fetch,
  url: string,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<Readonly<Record<string, number | undefined>>> {
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
    const { ratings } = (await response.json()) as { ratings?: Record<string, number> };
    return response.status === 200 ? (ratings ?? {}) : {};
  } catch {
    return {}; // no answer, or none in time: to the reader it is all the same
  }
}
