import { COLOURS } from './style-colours.ts';
import { PARTS } from './style-parts.ts';

/** Where things stand: one column on a phone, navigation beside the text, and examples beside the meaning. */
const LAYOUT = `
*, *::before, *::after { box-sizing: border-box; }
html { scroll-padding-top: 72px; -webkit-text-size-adjust: 100%; }
body { margin: 0; color: var(--ink); background: var(--page); font: 16px/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
.skip { position: absolute; left: 12px; top: -60px; z-index: 3; padding: 8px 14px; border-radius: 6px; background: var(--ink); color: var(--page); }
.skip:focus { top: 10px; }
header { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: center; justify-content: space-between; min-height: 56px; padding: 8px 20px; border-bottom: 1px solid var(--line); background: var(--page); }
header p { margin: 0; }
.brand a { color: var(--ink); font-weight: 700; letter-spacing: -.01em; text-decoration: none; }
.brand span { color: var(--muted); }
.downloads { display: flex; gap: 8px; }
.downloads a { padding: 3px 12px; border: 1px solid var(--line-strong); border-radius: 99px; color: var(--ink); font-size: 14px; text-decoration: none; }
.downloads a:hover { border-color: var(--accent); color: var(--accent); }
.brand span { display: none; }
main { min-width: 0; padding: 24px 20px 80px; outline: none; }
main > section { margin: 0 0 56px; padding-top: 8px; }
main > section + section { padding-top: 40px; border-top: 1px solid var(--line); }
article { display: grid; gap: 24px; margin-top: 44px; }
article + article { padding-top: 44px; border-top: 1px solid var(--line); }
.meaning, .looks { min-width: 0; }
nav { padding: 16px 20px; border-bottom: 1px solid var(--line); background: var(--panel); }
nav ul { display: flex; flex-wrap: wrap; gap: 6px; margin: 0; padding: 0; list-style: none; }
nav .operations { display: none; }
nav a { display: inline-block; padding: 3px 10px; border: 1px solid var(--line); border-radius: 99px; background: var(--page); color: var(--ink); font-size: 14px; text-decoration: none; }
nav a:hover { color: var(--accent); border-color: var(--accent); }
.nav-head { margin: 12px 0 6px; color: var(--muted); font-size: 12.5px; font-weight: 650; letter-spacing: .04em; text-transform: uppercase; }
.nav-head:first-child { margin-top: 0; }
@media (min-width: 1000px) {
  .brand span { display: inline; }
  .columns { display: grid; grid-template-columns: 280px minmax(0, 1fr); }
  header { padding-inline: 28px; }
  nav { position: sticky; top: 57px; height: calc(100vh - 57px); overflow-y: auto; padding: 24px 16px 40px 28px; border: 0; border-right: 1px solid var(--line); }
  nav ul { display: block; }
  nav a { display: flex; gap: 8px; padding: 4px 8px; border: 0; border-radius: 6px; background: none; line-height: 1.4; }
  nav a:hover { background: var(--hover); }
  nav .tag { font-weight: 600; }
  nav .operations { display: block; margin: 0 0 10px; padding-left: 0; }
  nav .operations a { color: var(--muted); }
  nav .operations a:hover { color: var(--accent); }
  .nav-head { margin: 22px 8px 6px; }
  main { padding: 40px 48px 120px; }
}
@media (min-width: 1280px) {
  main { max-width: 1480px; }
  .introduction, main > section > .lead, main > section > p, main > section > table, .object { max-width: 860px; }
  article { grid-template-columns: minmax(0, 1.05fr) minmax(0, .95fr); gap: 48px; }
  .looks { position: sticky; top: 76px; align-self: start; max-height: calc(100vh - 92px); overflow-y: auto; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print { header, nav, .skip { display: none; } }
`;

export const STYLE = `${COLOURS}${LAYOUT}${PARTS}`;
