import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { PageSettings } from '../../../../shared/page-settings.ts';
import { findPublicProgram, type PublicProgram } from '../../referrals/link-store.ts';
import { readForm } from './read-form.ts';
import { CONSENT, TRAP, type Consent } from './form-markup.ts';
import type { FieldProblem } from './form-fields.ts';
import { pathOf, type PublicEdge } from './public-edge.ts';

/** The published program of this address; null for anything else. Form keys name programs too, but open no page. */
export async function programOf(edge: PublicEdge, request: Request): Promise<PublicProgram | null> {
  const id = String(request.params['programId'] ?? '');
  if (!/^prg_[0-9a-zA-Z_-]{1,60}$/.test(id)) return null;
  return findPublicProgram(edge.database, id);
}

/** Kept for the page that says that something went wrong: it holds on to what was typed. */
export async function receiveForm(edge: PublicEdge, request: Request, response: Response): Promise<URLSearchParams> {
  const submitted = await readForm(request);
  response.locals['submitted'] = submitted;
  edge.guards.allowForm(request);
  return submitted;
}

export function isTrapped(submitted: URLSearchParams): boolean {
  return (submitted.get(TRAP) ?? '') !== '';
}

/** What people are asked to agree to, marked so that we know which words they saw when they send the form. */
export function consentOf({ consentText: text }: PageSettings, submitted: URLSearchParams | null): Consent {
  if (text === null) return null;
  const mark = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return { text, mark, agreed: submitted?.get(CONSENT) === mark };
}

/** A tick beneath words that have changed since is no consent to the new ones. */
export function consentProblem(consent: Consent, submitted: URLSearchParams): FieldProblem[] {
  if (consent === null || consent.agreed) return [];
  const changed = submitted.get(CONSENT) !== null;
  return [
    {
      name: CONSENT,
      message: changed ? 'The text has changed. Read it again and tick the box.' : 'Tick the box to agree.',
    },
  ];
}

/** After a form the browser opens a page, so that reloading it sends nothing again. */
export function sendOn(edge: PublicEdge, response: Response, path: string): void {
  response.redirect(303, pathOf(edge.publicUrl, path));
}
