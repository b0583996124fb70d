import { createHash } from 'node:crypto';
import type { RequestHandler, Response } from 'express';
import { CRM_TITLES } from '../../crm/crm-titles.ts';
import { JoinLinkInvalid } from '../../workspaces/install-errors.ts';
import { sendPage } from '../html-page.ts';
import type { BeginInstallInput } from '../install-use-case.ts';
import { readForm } from '../public/read-form.ts';
import { shownCookie, wasShown } from './install-browser.ts';
import { showInstallFailure } from './install-failure.ts';
import { joinOf, type ConfiguredRoute, type InstallRouteInput } from './install-route.ts';
import { sendToConsent } from './send-to-consent.ts';

type Invited = BeginInstallInput & { readonly join: string };

/**
 * Whose workspace a link leads to, before anything is begun: whoever made the link would otherwise get the account of
 * anybody whom they make open it.
 */
export async function showInvitation(response: Response, route: ConfiguredRoute, invited: Invited): Promise<void> {
  const { workspace, accounts } = await route.installs.invitation(invited.join);
  const { title, crm, publicUrl } = route;
  const names = accounts.map((account) => `${CRM_TITLES[account.crm]} account ${account.id}`);
  response.setHeader('Set-Cookie', shownCookie({ ...route, value: markOf(invited.join) }));
  response.setHeader('Content-Security-Policy', policyOf(publicUrl));
  sendPage(response, 200, {
    title: `Join your ${title} account to the workspace “${workspace}”?`,
    paragraphs: [
      names.length === 0
        ? `The workspace “${workspace}” has no connected account at present.`
        : `The workspace “${workspace}” works with: ${names.join(', ')}.`,
      `Joining means: whoever runs that workspace reads the people, companies and deals of the ${title} account you sign in to next, and Passalong writes the referrals of their programs into it.`,
      'Go on only if you know this workspace and expected this link.',
    ],
    form: { action: `/${crm}/oauth/install`, fields: fieldsOf(invited), button: 'Join this workspace' },
    links: [{ href: `/${crm}/oauth/install`, text: 'Connect the account to a workspace of its own instead' }],
  });
}

/** `POST /<crm>/oauth/install`: somebody has read whose workspace it is, in this browser, and goes on. */
export function acceptInvitation(input: InstallRouteInput): RequestHandler {
  return async (request, response) => {
    const { installs } = input;
    if (!installs) throw input.notConfigured();
    try {
      const form = await readForm(request);
      const join = joinOf([...form]);
      if (join === null || !wasShown(request, markOf(join)))
        throw new JoinLinkInvalid('This browser has not been shown which workspace the link leads to.');
      await sendToConsent(response, { ...input, installs }, { loginUrl: form.get('login_url'), join });
    } catch (error) {
      showInstallFailure(response, error, input);
    }
  };
}

function fieldsOf({ join, loginUrl }: Invited): Record<string, string> {
  return { join, ...(loginUrl === null ? {} : { login_url: loginUrl }) };
}

/** Says which link it was without being one. */
function markOf(join: string): string {
  return createHash('sha256').update(join).digest('base64url');
}

/** Browsers hold every address a form leads on to against it, and signing in leads over many of the CRM’s. */
function policyOf(publicUrl: string): string {
  const others = publicUrl.startsWith('https:') ? 'https:' : 'http: https:';
  return `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self' ${others}; frame-ancestors 'none'`;
}
