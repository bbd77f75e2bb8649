/** The page's looks; no font, script or picture comes from anywhere else. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f4ef, #15181c);
  --card: light-dark(#ffffff, #1e2329);
  --ink: light-dark(#1f2933, #e6e8ea);
  --muted: light-dark(#66707a, #98a2ad);
  --line: light-dark(#e3dfd6, #323941);
  --sea: light-dark(#0b5563, #58b9c9);
  --red: light-dark(#c62f2f, #f07070);
  --black: light-dark(#15191d, #f3f4f5);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
* { box-sizing: border-box; margin: 0; }
body { background: var(--paper); color: var(--ink); min-height: 100vh; }
a { color: var(--sea); }
code { font: .88em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
nav { display: flex; align-items: center; justify-content: space-between; gap: 1rem; min-height: 3.9rem; padding: .6rem max(1.25rem, calc(50vw - 32.75rem)); background: #0b5563; color: #fff; }
nav a { color: inherit; text-decoration: none; }
.brand { display: flex; align-items: center; gap: .55rem; font-weight: 650; letter-spacing: .01em; }
.brand svg { width: 1.7rem; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.account { display: flex; align-items: center; gap: .9rem; }
.user { display: flex; align-items: center; gap: .5rem; font-weight: 600; }
.user i { display: grid; place-items: center; width: 1.8rem; height: 1.8rem; border-radius: 50%; background: #fff; color: #0b5563; font-style: normal; font-size: .85rem; }
.quiet { opacity: .85; }
.quiet:hover { opacity: 1; text-decoration: underline; }
button, .button { font: inherit; font-weight: 600; padding: .4rem 1rem; border: 1px solid transparent; border-radius: .5rem; background: #fff; color: #0b5563; cursor: pointer; text-decoration: none; display: inline-block; }
button:hover { background: #e3f1f3; }
.button, form button { background: #0b5563; color: #fff; }
.button:hover, form button:hover { background: #08414c; }
form[popover] { margin: auto; border: 0; border-radius: .9rem; padding: 1.75rem; width: min(22rem, 90vw); background: var(--card); color: var(--ink); box-shadow: 0 20px 60px rgb(0 0 0 / .3); }
form[popover]:popover-open { display: grid; gap: .9rem; }
form[popover]::backdrop { background: rgb(8 30 36 / .55); }
label { display: grid; gap: .25rem; font-size: .9rem; color: var(--muted); }
input { font: inherit; padding: .5rem .7rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--paper); color: var(--ink); }
header { display: grid; grid-template-columns: 9.5rem 1fr; gap: 2.25rem; align-items: center; max-width: 68rem; margin: 0 auto; padding: 2.75rem 1.25rem 2rem; }
h1 { font: 600 clamp(1.8rem, 4.5vw, 2.7rem)/1.15 Georgia, "Times New Roman", serif; margin-bottom: .7rem; }
header p { max-width: 62ch; color: var(--muted); }
header p b { color: var(--ink); }
.cover { aspect-ratio: 3 / 4.2; display: flex; flex-direction: column; justify-content: space-between; padding: 1rem .9rem; border-radius: .2rem .5rem .5rem .2rem; background: linear-gradient(90deg, #08414c 0 5%, #0b5563 5% 7%, #0e6a7b); color: #fff; box-shadow: 0 10px 28px rgb(8 50 60 / .35); font-family: Georgia, "Times New Roman", serif; }
.cover span { font-size: .72rem; letter-spacing: .04em; opacity: .85; }
.cover b { font-size: 1.3rem; line-height: 1.15; font-weight: 600; }
main { display: grid; grid-template-columns: minmax(15rem, 1fr) 2fr; gap: 1.5rem; align-items: start; max-width: 68rem; margin: 0 auto; padding: 0 1.25rem 3.5rem; }
main.home { grid-template-columns: 1fr; padding-top: 2.5rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .9rem; padding: 1.5rem; }
h2 { font-size: 1.05rem; margin-bottom: 1rem; }
dl { display: grid; grid-template-columns: auto 1fr; }
dt, dd { padding: .5rem 0; border-top: 1px solid var(--line); }
dt { color: var(--muted); padding-right: 1.5rem; }
dd { text-align: right; font-weight: 600; font-variant-numeric: tabular-nums; }
blockquote { padding: 1.1rem 0; border-top: 1px solid var(--line); }
blockquote p { font: 1.06rem/1.55 Georgia, "Times New Roman", serif; }
blockquote footer { margin-top: .45rem; color: var(--muted); font-size: .9rem; }
blockquote footer::before { content: "— "; }
.flex { display: flex; }
.gap-x-1 { column-gap: .25rem; }
.flex.gap-x-1 { margin-bottom: .5rem; }
.star { width: 1.25rem; height: 1.25rem; fill: currentColor; stroke: currentColor; stroke-width: 1.3; stroke-linejoin: round; }
.star.outline { fill: none; opacity: .45; }
.text-black-500 { color: var(--black); }
.text-red-500 { color: var(--red); }
blockquote p.text-red-500 { font: 600 .92rem/1.5 inherit; font-family: inherit; margin-bottom: .4rem; }
.served { padding-top: 1rem; border-top: 1px solid var(--line); color: var(--muted); font-size: .88rem; }
.missing { border-left: 4px solid var(--red); padding-left: 1rem; }
.missing h2 { color: var(--red); margin-bottom: .3rem; }
table { width: 100%; border-collapse: collapse; margin: 1.25rem 0; }
th, td { text-align: left; padding: .5rem .75rem .5rem 0; border-top: 1px solid var(--line); vertical-align: top; }
thead th { border: 0; color: var(--muted); font-weight: 500; font-size: .88rem; }
.ways { display: flex; gap: .75rem; }
@media (max-width: 44rem) {
  header { grid-template-columns: 6rem 1fr; gap: 1.25rem; padding-top: 1.75rem; align-items: start; }
  .cover b { font-size: .95rem; }
  .cover span { font-size: .58rem; }
  main { grid-template-columns: 1fr; }
}
@media (max-width: 28rem) {
  header { grid-template-columns: 1fr; }
  .cover { display: none; }
}
`;
