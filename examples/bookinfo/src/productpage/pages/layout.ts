import { type Html, html } from './html.ts';

/** What every page shares: head, navigation, footer. */
export function layout({ user, body }: { readonly user?: string | undefined; readonly body: Html }): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Simple Bookstore App</title>
  <link rel="stylesheet" href="static/bookinfo.css">
  <link rel="icon" href="data:,">
</head>
<body>
  <nav>
    <a class="brand" href="productpage"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M3 19c5-1 10-1 18 0M12 17V3c4 3 7 7 8 12-3-1-5-1-8 0M10 6c-3 3-5 6-6 9 2-.7 4-.8 6-.4"/></svg>BookInfo Sample</a>
    <div class="account">${user === undefined ? signIn : signedIn(user)}</div>
  </nav>
  ${body}
</body>
</html>
`;
  return page.text;
}

const signIn = html`<button type="button" popovertarget="sign-in">Sign in</button>
    <form id="sign-in" popover method="post" action="login">
      <h2>Please sign in</h2>
      <label>User name <input name="username" autocomplete="username" autofocus required></label>
      <label>Password <input name="passwd" type="password" autocomplete="current-password"></label>
      <button type="submit">Sign in</button>
    </form>`;

function signedIn(user: string): Html {
  return html`<span class="user"><i>${user.slice(0, 1).toUpperCase()}</i>${user}</span> <a class="quiet" href="logout">Sign out</a>`;
}
