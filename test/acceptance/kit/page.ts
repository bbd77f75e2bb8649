/** One page as the acceptance list judges it. */
export interface PageVerdict {
  /** Why it counts as failed; undefined when it does not. */
  readonly failure: string | undefined;
  readonly reviewsVersion: 'v1' | 'v2' | 'v3' | undefined;
  readonly stars: 'none' | 'black' | 'red';
}

/** Failed: a status that is not 200, an error text, or a v2 or v3 without its stars. */
export function judgePage(status: number, body: string): PageVerdict {
  const reviewsVersion = /reviews-(v[123])/.exec(body)?.[1] as PageVerdict['reviewsVersion'];
  const hasStars = body.includes('glyphicon glyphicon-star');
  const stars = !hasStars ? 'none' : body.includes('text-red-500') ? 'red' : 'black';
  return { failure: failureOf(status, body, reviewsVersion, hasStars), reviewsVersion, stars };
}

function failureOf(status: number, body: string, version: string | undefined, hasStars: boolean): string | undefined {
  if (status !== 200) return `status ${status}: ${body.slice(0, 80)}`;
  const text = /Error fetching product \w+|[\w ]*currently unavailable/.exec(body);
  if (text) return text[0].trim();
  if (version !== 'v1' && !hasStars) return `${version ?? 'unknown reviews'} without stars`;
  return undefined;
}

export interface LoadedPage extends PageVerdict {
  readonly body: string;
  readonly elapsedMs: number;
}

/** One load, on a connection of its own like a person's. `cookie` is from {@link login}. */
export async function loadPage(pageUrl: string, cookie?: string): Promise<LoadedPage> {
  const started = performance.now();
  const response = await fetch(pageUrl, { headers: cookie ? { cookie } : {}, signal: AbortSignal.timeout(30_000) });
  const body = await response.text();
  return { ...judgePage(response.status, body), body, elapsedMs: performance.now() - started };
}

export async function loadPages(pageUrl: string, count: number, cookie?: string): Promise<LoadedPage[]> {
  const pages: LoadedPage[] = [];
  for (let number = 0; number < count; number++) pages.push(await loadPage(pageUrl, cookie));
  return pages;
}

/** Signs in through the form, for real; resolves with the session's cookie. */
export async function login(pageUrl: string, username: string): Promise<string> {
  const response = await fetch(new URL('/login', pageUrl), {
    method: 'POST',
    body: new URLSearchParams({ username, passwd: 'secret' }),
    headers: { referer: pageUrl },
    redirect: 'manual',
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  if (response.status !== 302 || !cookie) throw new Error(`the login of ${username} answered ${response.status}`);
  return cookie;
}
