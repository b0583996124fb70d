import type { Org } from '../state/org.ts';
import type { AuthorizeRequest } from './authorize-request.ts';

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escape(title)}</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; color: #181818; }
  li { font-family: ui-monospace, monospace; font-size: 0.9rem; }
  select, button { font: inherit; padding: 0.4rem 0.8rem; }
  button[value=grant] { background: #0250d9; color: #fff; border: 0; border-radius: 4px; }
</style></head>
<body><main>
${body}
</main></body></html>`;

/** Log in and allow in one: an org, what the app asks for, Allow and Deny. */
export function consentPage({ app, scopes }: AuthorizeRequest, orgs: readonly Org[], action: string): string {
  const choices = orgs.map(({ orgId, name }) => `<option value="${orgId}">${escape(name)} (${orgId})</option>`);
  return page(
    `Allow access: ${app.name}`,
    `<h1>Allow access?</h1>
<p>This is the local Salesforce, for development. ${escape(app.name)} is asking to:</p>
<ul>${scopes.map((scope) => `<li>${escape(scope)}</li>`).join('')}</ul>
<form method="post" action="${escape(action)}">
  <p><label>Org <select name="orgId">${choices.join('')}</select></label></p>
  <button name="decision" value="grant">Allow</button>
  <button name="decision" value="deny">Deny</button>
</form>`,
  );
}

export function refusalPage(reason: string): string {
  return page('Authorization error', `<h1>We can’t authorize you</h1><p>${escape(reason)}</p>`);
}
