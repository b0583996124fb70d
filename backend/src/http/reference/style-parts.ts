/** What things look like, wherever they stand. */
export const PARTS = `
h1, h2, h3, h4 { line-height: 1.25; letter-spacing: -.01em; }
h1 { margin: 0 0 8px; font-size: clamp(28px, 4vw, 38px); }
h2 { margin: 36px 0 10px; font-size: 25px; }
main > section:not(.introduction) > h2:first-child { margin-top: 0; }
.introduction h2 { font-size: 20px; }
h3 { margin: 0 0 8px; font-size: 20px; }
h4 { margin: 28px 0 8px; font-size: 15px; }
p, li, th, td, dd, summary { overflow-wrap: anywhere; }
p { margin: 0 0 12px; }
.lead { color: var(--muted); font-size: 18px; }
a { color: var(--accent); text-underline-offset: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
code, pre, var { font: 13.5px/1.55 ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace; }
code { overflow-wrap: anywhere; }
p code, li > code, td code, dd code { padding: 1px 5px; border-radius: 4px; background: var(--code); }
.introduction > ul { padding-left: 22px; }
.introduction > ul li { margin-bottom: 6px; }
.facts-bar { display: flex; flex-wrap: wrap; gap: 10px 36px; margin: 20px 0 24px; padding: 14px 18px; border: 1px solid var(--line); border-radius: 10px; background: var(--panel); }
.facts-bar dt { color: var(--muted); font-size: 13px; }
.facts-bar dd { margin: 0; }
.method, .verb, .status { font: 600 12px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, 'Liberation Mono', monospace; }
.method, .status { display: inline-block; padding: 1px 8px; border-radius: 5px; }
.get { color: var(--get); background: var(--get-tint); }
.post { color: var(--post); background: var(--post-tint); }
.put { color: var(--put); background: var(--put-tint); }
.delete { color: var(--delete); background: var(--delete-tint); }
.verb { flex: none; width: 46px; align-self: start; padding: 1px 0; border-radius: 4px; font-size: 10.5px; text-align: center; }
.status.done { color: var(--post); background: var(--post-tint); }
.status.refused { color: var(--delete); background: var(--delete-tint); }
.endpoint { margin-bottom: 8px; }
.endpoint code { padding: 0; background: none; font-size: 15px; }
.endpoint var { color: var(--accent); font-size: 15px; font-style: normal; }
.auth { color: var(--muted); font-size: 14px; }
article:target { scroll-margin-top: 84px; }
article:target h3 { text-decoration: underline 3px var(--accent); text-underline-offset: 6px; }
table { width: 100%; border-collapse: collapse; font-size: 15px; }
thead th { padding: 0 0 6px; color: var(--muted); font-size: 13px; font-weight: 600; text-align: left; }
tbody th, tbody td { padding: 12px 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
tbody th { width: 36%; padding-right: 16px; }
td p { margin: 0 0 4px; }
tbody tr:target { background: var(--accent-tint); }
.name { padding: 0 !important; background: none !important; font-weight: 650; }
th .type { display: block; }
.type { color: var(--muted); font-size: 13.5px; }
.required { color: var(--put); font-size: 12.5px; font-weight: 600; }
.facts { color: var(--muted); font-size: 14px; }
.also { margin-top: 12px; font-size: 14px; }
.fields { margin: 0; padding: 0; list-style: none; }
.fields > li { padding: 12px 0; border-top: 1px solid var(--line); font-size: 15px; }
.fields p { margin: 0 0 4px; }
.variant { margin: 12px 0 6px; font-weight: 600; font-size: 14px; }
details { margin: 8px 0; }
summary { width: fit-content; padding: 3px 10px; border: 1px solid var(--line-strong); border-radius: 99px; font-size: 13.5px; cursor: pointer; }
summary:hover { border-color: var(--accent); color: var(--accent); }
details[open] > summary { margin-bottom: 10px; }
.fields details > .fields, .fields details > .variant { margin-left: 0; padding-left: 16px; border-left: 2px solid var(--line); }
.answer { padding: 10px 0; border-top: 1px solid var(--line); font-size: 15px; }
.answer p { margin: 0 0 4px; }
.object { padding: 16px 0; }
.object p { margin: 0 0 4px; }
.sample { margin: 0 0 16px; border: 1px solid var(--sample-line); border-radius: 10px; overflow: hidden; background: var(--sample); color: var(--sample-ink); }
.sample figcaption { padding: 10px 16px 0; color: var(--sample-muted); font-size: 13px; font-weight: 600; }
.sample pre { max-height: 34rem; margin: 0; padding: 12px 16px 16px; overflow: auto; font-size: 12.5px; white-space: pre-wrap; }
.sample pre:focus-visible { outline-offset: -3px; }
.sample code { padding: 0; background: none; color: inherit; font-size: inherit; }
.sample b { color: var(--sample-key); font-weight: 400; }
.sample i { color: var(--sample-text); font-style: normal; }
.sample u { color: var(--sample-value); text-decoration: none; }
@media (max-width: 640px) {
  tbody th { width: 42%; padding-right: 12px; }
  table { font-size: 14.5px; }
}
`;
