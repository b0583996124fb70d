import type { RequestHandler, Response } from 'express';
import type { PublicProgram } from '../../referrals/link-store.ts';
import { referralLink } from '../../referrals/referral-code.ts';
import { EmailMalformed } from '../../referrals/referral-errors.ts';
import { html } from '../reference/html.ts';
import {
  JOIN_FIELDS,
  MALFORMED_EMAIL,
  problemsOf,
  readValues,
  type FieldProblem,
  type FormValues,
} from '../public/form-fields.ts';
import { formMarkup } from '../public/form-markup.ts';
import { lookUpLink } from '../public/look-up-link.ts';
import { pageNotFound, thanks } from '../public/notices.ts';
import { brandOf, sendPublicPage } from '../public/page-shell.ts';
import { consentOf, consentProblem, isTrapped, programOf, receiveForm, sendOn } from '../public/program-page.ts';
import type { PublicEdge } from '../public/public-edge.ts';
import { SUBMISSION, submissionOf, submitOnce } from '../public/submit-once.ts';

/** `GET /p/:programId/join` */
export function joinPage(edge: PublicEdge): RequestHandler {
  return async (request, response) => {
    const program = await programOf(edge, request);
    if (!program?.definition.page.joinOpen) return sendPublicPage(response, pageNotFound());
    showForm(response, program, null);
  };
}

/** `POST /p/:programId/join`: the same answer whether somebody is new or has been an advocate for years. */
export function join(edge: PublicEdge): RequestHandler {
  return async (request, response) => {
    const submitted = await receiveForm(edge, request, response);
    const program = await programOf(edge, request);
    if (!program?.definition.page.joinOpen) return sendPublicPage(response, pageNotFound());
    const { programId, workspaceId, definition } = program;
    const donePath = `/p/${programId}/join/done`;
    if (isTrapped(submitted)) return sendOn(edge, response, donePath);
    const values = readValues(JOIN_FIELDS, submitted);
    const problems = [
      ...problemsOf(JOIN_FIELDS, values),
      ...consentProblem(consentOf(definition.page, submitted), submitted),
    ];
    if (problems.length > 0) return showForm(response, program, { submitted, problems });
    const { database, clock } = edge;
    try {
      const path = await submitOnce({ database, clock, workspaceId, path: request.path, submitted }, async () => {
        const { code } = await enrol(edge, program, values);
        return `${donePath}?code=${code}`;
      });
      sendOn(edge, response, path);
    } catch (error) {
      if (!(error instanceof EmailMalformed)) throw error;
      showForm(response, program, { submitted, problems: [MALFORMED_EMAIL] });
    }
  };
}

/** `GET /p/:programId/join/done`: a page of its own, so that reloading it enrols nobody again. */
export function joinDone(edge: PublicEdge): RequestHandler {
  return async (request, response) => {
    const program = await programOf(edge, request);
    if (program === null) return sendPublicPage(response, pageNotFound());
    const { page } = program.definition;
    const code = request.query['code'];
    // Where a robot that fell into the trap ends.
    if (typeof code !== 'string')
      return sendPublicPage(response, thanks(brandOf(program.definition), 'We have your details.'));
    const link = await lookUpLink(edge, request, code);
    if (link?.programId !== program.programId) return sendPublicPage(response, pageNotFound());
    const own = referralLink(edge.publicUrl, link.code);
    sendPublicPage(response, {
      status: 200,
      brand: brandOf(program.definition),
      title: 'Your link is ready',
      intro: page.join.thanks,
      brief: true,
      content: html`<div class="field">
          <label for="link">Your personal link</label>
          <textarea class="link" id="link" dir="ltr" readonly rows="2" spellcheck="false">${own}</textarea>
        </div>
        <p class="quiet">Select the link, copy it, and send it to people you know.</p>`,
    });
  };
}

type Filled = { readonly submitted: URLSearchParams; readonly problems: readonly FieldProblem[] };

function showForm(response: Response, { definition }: PublicProgram, filled: Filled | null): void {
  const { page } = definition;
  sendPublicPage(response, {
    status: filled === null ? 200 : 422,
    brand: brandOf(definition),
    title: page.join.title,
    intro: page.join.intro,
    content: formMarkup({
      fields: JOIN_FIELDS,
      values: readValues(JOIN_FIELDS, filled?.submitted ?? new URLSearchParams()),
      problems: filled?.problems ?? [],
      button: page.join.button,
      consent: consentOf(page, filled?.submitted ?? null),
      privacyUrl: page.privacyUrl,
      hidden: { [SUBMISSION]: submissionOf(filled?.submitted ?? null) },
    }),
  });
}

function enrol(edge: PublicEdge, program: PublicProgram, values: FormValues): Promise<{ readonly code: string }> {
  const { consentText } = program.definition.page;
  return edge.useCases.enrolAdvocate(program.workspaceId, 'page:join', {
    programId: program.programId,
    email: values.get('email') || null,
    firstName: values.get('firstName') || null,
    lastName: values.get('lastName') || null,
    phone: null,
    answers: {},
    consent: consentText === null ? null : { text: consentText, at: new Date(edge.clock.now()).toISOString() },
    crmRecordId: null,
  });
}
