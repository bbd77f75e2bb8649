import assert from 'node:assert/strict';
import { details } from '../src/details/details.ts';
import { googleBooks } from '../src/details/google-books.ts';
import { plainRuntime } from '../src/runtime/plain-runtime.ts';
import { servers } from './helpers/serve.ts';

const BOOK = {
  id: 0,
  author: 'William Shakespeare',
  year: 1595,
  type: 'paperback',
  pages: 200,
  publisher: 'PublisherA',
  language: 'English',
  'ISBN-10': '1234567890',
  'ISBN-13': '123-1234567890',
};

const volume = {
  authors: ['W. S.'],
  publishedDate: '2002-01-01',
  printType: 'BOOK',
  pageCount: 64,
  publisher: 'Courier',
  language: 'en',
  industryIdentifiers: [
    { type: 'ISBN_10', identifier: '0486424618' },
    { type: 'ISBN_13', identifier: '9780486424613' },
  ],
};

describe('details', () => {
  const { serve, closeAll } = servers();
  afterEach(closeAll);

  const start = async (options = {}): Promise<string> => serve(await plainRuntime().fastify(details(options)));

  it('answers with the book, in the original order of fields', async () => {
    const response = await fetch(`${await start()}/details/0`);
    assert.equal(response.headers.get('content-type')?.split(';')[0], 'application/json');
    assert.equal(await response.text(), JSON.stringify(BOOK));
  });

  it('answers any method, and any number with that number', async () => {
    const address = await start();
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
      const response = await fetch(`${address}/details/7`, { method, ...(method === 'GET' ? {} : { body: '{"broken' }) });
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), { ...BOOK, id: 7 });
    }
  });

  it('refuses what is no number', async () => {
    const response = await fetch(`${await start()}/details/seven`);
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), { error: 'please provide numeric product id' });
  });

  it('is healthy', async () => {
    assert.deepEqual(await (await fetch(`${await start()}/health`)).json(), { status: 'Details is healthy' });
  });

  it('asks Google when told to, handing on who the reader is', async () => {
    const asked: { url: string; headers: unknown }[] = [];
    const google = (async (url: string, init: RequestInit) => {
      asked.push({ url, headers: init.headers });
      return Response.json({ items: [{ volumeInfo: volume }] });
    }) as typeof fetch;
    const environment = { ENABLE_EXTERNAL_BOOK_SERVICE: 'true', DO_NOT_ENCRYPT: 'true' };
    const address = await start({ googleBooks: googleBooks(google, environment) });
    const response = await fetch(`${address}/details/0`, { headers: { 'end-user': 'jason', accept: 'text/html' } });
    assert.deepEqual(await response.json(), {
      id: 0,
      author: 'W. S.',
      year: '2002-01-01',
      type: 'paperback',
      pages: 64,
      publisher: 'Courier',
      language: 'English',
      'ISBN-10': '0486424618',
      'ISBN-13': '9780486424613',
    });
    assert.equal(asked[0]?.url, 'http://www.googleapis.com/books/v1/volumes?q=isbn:0486424618');
    assert.deepEqual(Object.keys(asked[0]?.headers as object).sort(), ['end-user', 'user-agent']);
  });

  it('says what Google said when there is no book', async () => {
    const google = (async () => new Response('', { status: 429 })) as typeof fetch;
    const address = await start({ googleBooks: googleBooks(google, { ENABLE_EXTERNAL_BOOK_SERVICE: 'true' }) });
    const response = await fetch(`${address}/details/0`);
    assert.equal(response.status, 400);
    assert.deepEqual(await response.json(), { error: 'Google Books answered 429' });
  });
});
