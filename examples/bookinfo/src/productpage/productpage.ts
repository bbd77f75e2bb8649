import { type Request, type Response, Router, urlencoded } from 'express';
import { forwardedHeaders } from '../backends/forwarded-headers.ts';
import type { Backends } from './backends.ts';
import { homePage } from './pages/home-page.ts';
import { productPage } from './pages/product-page.ts';
import { stylesheet } from './pages/stylesheet.ts';
import { PRODUCTS } from './products.ts';
import type { Sessions } from './session.ts';

export interface ProductpageOptions {
  readonly backends: Backends;
  readonly sessions: Sessions;
  /** So many calls of reviews more per page, whose answers nobody reads; the "flooding" version has 100. Default 0. */
  readonly floodFactor?: number;
}

/** The page people see, and a small API beside it. */
export function productpage({ backends, sessions, floodFactor = 0 }: ProductpageOptions): Router {
  /** `end-user` is who signed in here, whatever a caller claims. */
  const headersFor = (request: Request): Record<string, string> => {
    const { 'end-user': _claimed, ...headers } = forwardedHeaders(request.headers);
    const user = sessions.userOf(request);
    return user === undefined ? headers : { ...headers, 'end-user': user };
  };

  const routes = Router();
  routes.get(['/', '/index.html'], (_request, response) => void response.send(homePage(backends.addresses)));
  routes.get('/health', (_request, response) => void response.type('html').send('Product page is healthy'));
  routes.get('/metrics', (_request, response) => void response.type('text/plain; version=0.0.4').send(backends.calls.text()));
  routes.get('/static/bookinfo.css', (_request, response) => {
    response.type('css').set('cache-control', 'public, max-age=3600').send(stylesheet);
  });

  routes.post('/login', urlencoded({ extended: false }), (request, response) => {
    const { username = '' } = (request.body ?? {}) as { username?: string };
    response.set('set-cookie', sessions.open(username));
    backWhereTheyCameFrom(request, response);
  });
  routes.all('/login', (_request, response) => void response.status(405).set('allow', 'OPTIONS, POST').end());
  routes.get('/logout', (request, response) => {
    response.set('set-cookie', sessions.end());
    backWhereTheyCameFrom(request, response);
  });

  routes.get('/productpage', async (request, response) => {
    const headers = headersFor(request);
    for (let extra = 0; extra < floodFactor; extra++) void backends.reviews('0', headers);
    const details = await backends.details('0', headers);
    const reviews = await backends.reviews('0', headers);
    response.send(productPage({ product: PRODUCTS[0], user: sessions.userOf(request), details, reviews }));
  });

  routes.get('/api/v1/products', (_request, response) => void response.json(PRODUCTS));
  routes.get('/api/v1/products/:id', async (request, response) => {
    const { status, body } = await backends.details(request.params.id, headersFor(request));
    response.status(status).json(body);
  });
  routes.get('/api/v1/products/:id/reviews', async (request, response) => {
    const { status, body } = await backends.reviews(request.params.id, headersFor(request));
    response.status(status).json(body);
  });
  routes.get('/api/v1/products/:id/ratings', async (request, response) => {
    const { status, body } = await backends.ratings(request.params.id, headersFor(request));
    response.status(status).json(body);
  });
  return routes;
}

function backWhereTheyCameFrom(request: Request, response: Response): void {
  response
    .status(302)
    .set('location', request.headers.referer ?? 'None')
    .end();
}
