import type { FastifyPluginCallback } from 'fastify';
import { forwardedHeaders } from '../backends/forwarded-headers.ts';
import type { BookDetails } from './book-details.ts';
import type { GoogleBooks } from './google-books.ts';

export interface DetailsOptions {
  /** Where the details come from instead of from here; details v2 asks Google. */
  readonly googleBooks?: GoogleBooks | undefined;
}

const THE_BOOK: Omit<BookDetails, 'id'> = {
  author: 'William Shakespeare',
  year: 1595,
  type: 'paperback',
  pages: 200,
  publisher: 'PublisherA',
  language: 'English',
  'ISBN-10': '1234567890',
  'ISBN-13': '123-1234567890',
};

/** The details of the one book there is, under whichever number it is asked for. */
export function details({ googleBooks }: DetailsOptions = {}): FastifyPluginCallback {
  return (app, _options, done) => {
    app.get('/health', () => ({ status: 'Details is healthy' }));
    // Any method is answered, whatever it brings along.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, body, parsed) => {
      body.resume();
      parsed(null);
    });
    app.all<{ Params: { '*': string } }>('/details/*', async (request, reply) => {
      const product = request.params['*'].split('/').findLast(Boolean) ?? '';
      if (!/^[+-]?\d+$/.test(product)) return reply.code(400).send({ error: 'please provide numeric product id' });
      const id = Number(product);
      if (!googleBooks) return { id, ...THE_BOOK };
      try {
        return await googleBooks(id, forwardedHeaders(request.headers));
      } catch (error) {
        return reply.code(400).send({ error: (error as Error).message });
      }
    });
    done();
  };
}
