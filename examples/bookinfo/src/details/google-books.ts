import type { Environment } from '../backends/backend-address.ts';
import type { BookDetails } from './book-details.ts';

export type GoogleBooks = (id: number, headers: Readonly<Record<string, string>>) => Promise<BookDetails>;

const ISBN = '0486424618';
const TIMEOUT_MS = 5_000;

interface Volume {
  readonly authors: readonly string[];
  readonly publishedDate: string;
  readonly printType: string;
  readonly pageCount: number;
  readonly publisher: string;
  readonly language: string;
  readonly industryIdentifiers: readonly { readonly type: string; readonly identifier: string }[];
}

/** Details v2: `ENABLE_EXTERNAL_BOOK_SERVICE=true` asks Google Books, in the clear with `DO_NOT_ENCRYPT=true` (so that a mesh may encrypt). */
export function googleBooks(fetch: typeof globalThis.fetch, environment: Environment): GoogleBooks | undefined {
  if (environment['ENABLE_EXTERNAL_BOOK_SERVICE'] !== 'true') return undefined;
  const scheme = environment['DO_NOT_ENCRYPT'] === 'true' ? 'http' : 'https';
  const url = `${scheme}://www.googleapis.com/books/v1/volumes?q=isbn:${ISBN}`;
  return async (id, headers) => {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw new Error(`Google Books answered ${response.status}`);
    const { items } = (await response.json()) as { items?: { volumeInfo: Volume }[] };
    const volume = items?.[0]?.volumeInfo;
    if (!volume) throw new Error(`Google Books has no book with ISBN ${ISBN}`);
    return detailsOf(id, volume);
  };
}

function detailsOf(id: number, volume: Volume): BookDetails {
  const isbn = (type: string): string => volume.industryIdentifiers.find((one) => one.type === type)?.identifier ?? '';
  return {
    id,
    author: volume.authors[0] ?? '',
    year: volume.publishedDate,
    type: volume.printType === 'BOOK' ? 'paperback' : 'unknown',
    pages: volume.pageCount,
    publisher: volume.publisher,
    language: volume.language === 'en' ? 'English' : 'unknown',
    'ISBN-10': isbn('ISBN_10'),
    'ISBN-13': isbn('ISBN_13'),
  };
}
