import type { Portal } from '../state/state.ts';
import type { AuthorizeRequest } from './authorize-request.ts';

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escape(title)}</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; color: #33475b; }
  li { font-family: ui-monospace, monospace; font-size: 0.9rem; }
  select, button { font: inherit; padding: 0.4rem 0.8rem; }
  button[value=grant] { background: #b34a12; color: #fff; border: 0; border-radius: 3px; }
</style></head>
<body><main>
${body}
</main></body></html>`;

/** The consent page: an account, the scopes, Connect and Cancel. */
export function consentPage({ app, scopes }: AuthorizeRequest, portals: readonly Portal[], action: string): string {
  const choices = portals.map(
    ({ portalId, name }) => `<option value="${portalId}">${escape(name)} (${portalId})</option>`,
  );
  return page(
    `Connect ${app.name}`,
    `<h1>Connect ${escape(app.name)}</h1>
<p>This is the local HubSpot, for development. ${escape(app.name)} asks for:</p>
<ul>${scopes.map((scope) => `<li>${escape(scope)}</li>`).join('')}</ul>
<form method="post" action="${escape(action)}">
  <p><label>Account <select name="portalId">${choices.join('')}</select></label></p>
  <button name="decision" value="grant">Connect app</button>
  <button name="decision" value="deny">Cancel</button>
</form>`,
  );
}

export function refusalPage(reason: string): string {
  return page('Authorization failed', `<h1>Authorization failed</h1><p>${escape(reason)}</p>`);
}
