import { brandColors, DARK, LIGHT, type Scheme } from './brand-colors.ts';

/** The style sheet of a page in its brand's colour, for light and dark screens. Nothing in it moves or is loaded. */
export function pageStyle(color: string): string {
  return `:root{color-scheme:light dark;${variables(color, LIGHT)}}
@media (prefers-color-scheme:dark){:root{${variables(color, DARK)}}}
${LAYOUT}${FORM}${WIDE}`;
}

function variables(color: string, scheme: Scheme): string {
  const brand = brandColors(color, scheme);
  const values: Record<string, string> = {
    ...scheme,
    fill: brand.fill,
    'on-fill': brand.onFill,
    brand: brand.text,
    outline: brand.border,
  };
  return Object.entries(values)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

const LAYOUT = `*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
h1,h2,p,ul,fieldset{margin:0;padding:0}
h1{font-size:clamp(1.6rem,1.2rem + 2vw,2.4rem);line-height:1.2;font-weight:700;letter-spacing:-.015em;text-wrap:balance}
a{color:var(--brand);text-underline-offset:.18em}
:focus-visible{outline:3px solid var(--outline);outline-offset:2px}
h1.long{font-size:clamp(1.3rem,1.15rem + .6vw,1.6rem);line-height:1.3}
.hero{background:var(--fill);color:var(--on-fill);padding:1.5rem 1.25rem 4.5rem}
.hero>div{max-width:34rem;margin:0 auto;display:grid;gap:1rem}
.hero h1{margin-top:.75rem}
.lead{font-size:1.0625rem;white-space:pre-line}
.brand{display:flex;align-items:center;gap:.75rem;font-weight:600}
.logo{display:inline-flex;background:#fff;border-radius:.75rem;padding:.5rem .75rem;color:#17202a}
.logo img{display:block;max-width:min(12rem,60vw);max-height:2.5rem;width:auto;height:auto;object-fit:contain}
.letter{flex:none;display:grid;place-items:center;width:2.75rem;height:2.75rem;border-radius:.75rem;border:2px solid currentColor;font-size:1.25rem;line-height:1}
main{flex:1;width:100%;max-width:36.5rem;margin:-3rem auto 0;padding:0 1.25rem 2.5rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:1.25rem;padding:clamp(1.25rem,5vw,2.25rem);box-shadow:0 1px 2px rgb(0 0 0/.05),0 12px 32px -12px rgb(0 0 0/.18)}
.card>*+*{margin-top:1rem}
.card .quiet,.quiet{color:var(--quiet)}
.said{font-size:1.125rem;white-space:pre-line}
small{font-size:.875rem;color:var(--quiet)}
.done{display:grid;place-items:center;width:3.5rem;height:3.5rem;border-radius:50%;background:var(--fill);color:var(--on-fill);border:2px solid var(--outline);font-size:1.5rem;line-height:1}
.brief .hero{padding-top:clamp(1.5rem,6vh,4rem)}
.plain main{margin:0 auto;padding-top:12vh}
.plain h1{font-size:1.6rem}
`;

const FORM = `form{display:grid;gap:1.25rem}
.pair{display:grid;gap:1.25rem;grid-template-columns:repeat(auto-fit,minmax(min(12rem,100%),1fr));align-items:start}
.field{display:grid;gap:.375rem;min-width:0}
label{font-weight:600}
label .quiet{font-weight:400}
input,select,textarea{width:100%;min-width:0;min-height:3rem;padding:.625rem .875rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--field);border-radius:.625rem;text-align:start}
select{appearance:none;padding-inline-end:2.75rem;text-overflow:ellipsis}
.choice{display:block;position:relative}
.choice::after{content:"";position:absolute;inset-inline-end:1.125rem;top:50%;width:.5rem;height:.5rem;border:solid var(--quiet);border-width:0 2px 2px 0;transform:translateY(-75%) rotate(45deg);pointer-events:none}
input:focus-visible,select:focus-visible,textarea:focus-visible{outline-offset:0;border-color:var(--outline)}
[aria-invalid=true]{border-color:var(--danger);box-shadow:inset 0 0 0 1px var(--danger)}
.wrong{color:var(--danger);font-weight:600}
.agree{display:grid;grid-template-columns:auto 1fr;gap:.25rem .75rem;align-items:start}
.agree input{width:1.5rem;height:1.5rem;min-height:0;margin:.1rem 0 0;accent-color:var(--outline)}
.agree label{font-weight:400;padding-block:.1rem;white-space:pre-line}
.agree .wrong,.agree .beside{grid-column:2}
button{min-height:3.25rem;padding:.75rem 1.5rem;font:inherit;font-size:1.0625rem;font-weight:700;color:var(--on-fill);background:var(--fill);border:2px solid var(--outline);border-radius:.75rem;cursor:pointer}
button:hover{text-decoration:underline;text-underline-offset:.2em}
.problems{border:2px solid var(--danger);border-radius:.75rem;padding:1rem 1.25rem;background:var(--dangerTint)}
.problems h2{font-size:1.0625rem}
.problems ul{padding-inline-start:1.25rem;margin-top:.25rem}
.problems a{color:var(--danger);display:block;padding-block:.25rem}
.link{font:600 1.0625rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--page);resize:none;word-break:break-all;field-sizing:content}
.trap{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (forced-colors:active){button,.card{border:2px solid}}
`;

/** Beside each other where there is room: who invites on the left, what to do on the right. */
const WIDE = `@media (min-width:60rem){
body.wide{display:grid;grid-template-columns:minmax(24rem,5fr) 7fr}
.wide .hero{padding:4rem clamp(2.5rem,5vw,5rem)}
.wide .hero>div{position:sticky;top:4rem;max-width:30rem;margin:0;margin-inline-start:auto;gap:1.25rem}
.wide .hero h1{margin-top:1.5rem}
.wide .lead{font-size:1.1875rem}
body.wide main{margin:0;padding:4rem clamp(2.5rem,5vw,5rem);max-width:44rem}
}
`;
