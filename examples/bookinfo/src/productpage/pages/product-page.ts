import type { BookDetails } from '../../details/book-details.ts';
import type { Rating } from '../../reviews/ask-ratings.ts';
import type { BookReviews, Review } from '../../reviews/reviews.ts';
import type { Answer } from '../backends.ts';
import type { Product } from '../products.ts';
import { Html, html } from './html.ts';
import { layout } from './layout.ts';

export interface ProductPageOptions {
  readonly product: Product;
  readonly user: string | undefined;
  readonly details: Answer<BookDetails>;
  readonly reviews: Answer<BookReviews>;
}

/** The book with its details and reviews, or the words people know for those that could not be had. */
export function productPage({ product, user, details, reviews }: ProductPageOptions): string {
  const body = html`<header>
    <div class="cover" aria-hidden="true"><span>William Shakespeare</span><b>${product.title}</b></div>
    <div>
      <h1>${product.title}</h1>
      <p>${new Html(product.descriptionHtml)}</p>
    </div>
  </header>
  <main>
    <section class="details">
      ${'error' in details.body ? missing('details', details.body.error) : detailsTable(details.body)}
    </section>
    <section class="reviews">
      ${'error' in reviews.body ? missing('reviews', reviews.body.error) : reviewList(reviews.body)}
    </section>
  </main>`;
  return layout({ user, body });
}

function missing(what: 'details' | 'reviews', error: string): Html {
  return html`<div class="missing" role="alert"><h2>Error fetching product ${what}</h2>
      <p>${error}</p></div>`;
}

function detailsTable(details: BookDetails): Html {
  const rows: readonly [string, string | number][] = [
    ['ISBN-10', details['ISBN-10']],
    ['Publisher', details.publisher],
    ['Pages', details.pages],
    ['Type', details.type],
    ['Language', details.language],
  ];
  return html`<h2>Book Details</h2>
      <dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function reviewList({ reviews, podname, clustername }: BookReviews): Html {
  return html`<h2>Book Reviews</h2>
      ${reviews.map(reviewCard)}
      <p class="served">Reviews served by: <code>${podname}</code>${clustername === 'null' ? undefined : html` on cluster <code>${clustername}</code>`}</p>`;
}

function reviewCard({ reviewer, text, rating }: Review): Html {
  return html`<blockquote>
        ${rating && ratingLine(rating)}
        <p>${text}</p>
        <footer>${reviewer}</footer>
      </blockquote>`;
}

const STAR = 'M10 1.6l2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-2.9-5.3 2.9 1.1-6L1.4 7.9l6-.8z';
const ALL_STARS = 5;

function ratingLine(rating: Rating): Html | undefined {
  if ('error' in rating) return html`<p class="text-red-500">${rating.error}</p>`;
  if (!rating.stars) return undefined;
  const filled = Array.from({ length: rating.stars }, () => filledStar);
  const outlined = Array.from({ length: Math.max(0, ALL_STARS - rating.stars) }, () => outlinedStar);
  return html`<div class="flex gap-x-1 text-${rating.color}-500" role="img" aria-label="${rating.stars} of ${ALL_STARS} stars">${filled}${outlined}</div>`;
}

// The id with a space in it is what Bookinfo's own tests, and everybody's scripts, look for.
const filledStar = html`<svg id="glyphicon glyphicon-star" class="star" viewBox="0 0 20 20"><path d="${STAR}"/></svg>`;
const outlinedStar = html`<svg class="star outline" viewBox="0 0 20 20"><path d="${STAR}"/></svg>`;
