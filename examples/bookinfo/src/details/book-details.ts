/** What details tells about a book. */
export interface BookDetails {
  readonly id: number;
  readonly author: string;
  readonly year: number | string;
  readonly type: string;
  readonly pages: number;
  readonly publisher: string;
  readonly language: string;
  readonly 'ISBN-10': string;
  readonly 'ISBN-13': string;
}
