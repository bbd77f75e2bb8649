import { html } from './html.ts';
import { layout } from './layout.ts';

/** Where a visitor of productpage itself (not of the gateway) lands: who is called, and two ways in. */
export function homePage(addresses: Readonly<Record<'details' | 'reviews' | 'ratings', string>>): string {
  const services: readonly [string, string, string][] = [
    ['productpage', 'this page', 'calls details and reviews'],
    ['details', addresses.details, 'knows the book'],
    ['reviews', addresses.reviews, 'v1 without stars, v2 with black ones, v3 with red ones; v2 and v3 call ratings'],
    ['ratings', addresses.ratings, 'counts the stars'],
  ];
  const body = html`<main class="home">
    <section>
      <h1>Simple Bookstore App</h1>
      <p>Four services that show what a service mesh does.</p>
      <table>
        <thead><tr><th>Service</th><th>Address</th><th></th></tr></thead>
        <tbody>${services.map(([name, address, purpose]) => html`<tr><td>${name}</td><td><code>${address}</code></td><td>${purpose}</td></tr>`)}</tbody>
      </table>
      <p class="ways"><a class="button" href="productpage?u=normal">Normal user</a> <a class="button" href="productpage?u=test">Test user</a></p>
    </section>
  </main>`;
  return layout({ body });
}
