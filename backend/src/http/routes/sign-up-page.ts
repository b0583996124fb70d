import type { RequestHandler, Response } from 'express';
import type { PublicProgram } from '../../referrals/link-store.ts';
import {
  AdvocatePaused,
  AlreadyReferred,
  EmailMalformed,
  ReferralCodeUnknown,
  SelfReferral,
} from '../../referrals/referral-errors.ts';
import { attributedLink } from '../public/attribution.ts';
import {
  answerName,
  MALFORMED_EMAIL,
  problemsOf,
  readValues,
  signUpFields,
  type FieldProblem,
  type FormValues,
} from '../public/form-fields.ts';
import { formMarkup } from '../public/form-markup.ts';
import type { OpenedLink } from '../public/look-up-link.ts';
import { linkMissing, linkResting, pageNotFound, thanks } from '../public/notices.ts';
import { brandOf, sendPublicPage } from '../public/page-shell.ts';
import { consentOf, consentProblem, isTrapped, programOf, receiveForm, sendOn } from '../public/program-page.ts';
import type { PublicEdge } from '../public/public-edge.ts';
import { SUBMISSION, submissionOf, submitOnce } from '../public/submit-once.ts';

/** What a friend has filled in so far; null when they have only just come. */
type Filled = { readonly submitted: URLSearchParams; readonly problems: readonly FieldProblem[] } | null;

/** `GET /p/:programId/sign-up` */
export function signUpPage(edge: PublicEdge): RequestHandler {
  return async (request, response) => {
    const program = await programOf(edge, request);
    if (program === null) return sendPublicPage(response, pageNotFound());
    const link = await attributedLink(edge, { request, program, submitted: null });
    if (!opens(response, program, link)) return;
    showForm(response, { program, link }, null);
  };
}

/** `POST /p/:programId/sign-up` */
export function signUp(edge: PublicEdge): RequestHandler {
  return async (request, response) => {
    const submitted = await receiveForm(edge, request, response);
    const program = await programOf(edge, request);
    if (program === null) return sendPublicPage(response, pageNotFound());
    const thanksPath = `/p/${program.programId}/sign-up/thanks`;
    if (isTrapped(submitted)) return sendOn(edge, response, thanksPath);
    const link = await attributedLink(edge, { request, program, submitted });
    if (!opens(response, program, link)) return;
    const { page } = program.definition;
    const fields = signUpFields(page);
    const values = readValues(fields, submitted);
    const problems = [...problemsOf(fields, values), ...consentProblem(consentOf(page, submitted), submitted)];
    if (problems.length > 0) return showForm(response, { program, link }, { submitted, problems });
    const { database, clock } = edge;
    const { workspaceId } = program;
    try {
      const path = await submitOnce({ database, clock, workspaceId, path: request.path, submitted }, async () => {
        await record(edge, { program, link }, values);
        return thanksPath;
      });
      sendOn(edge, response, path);
    } catch (error) {
      showRefusal(response, error, { program, link, submitted });
    }
  };
}

/** `GET /p/:programId/sign-up/thanks` */
export function signUpThanks(edge: PublicEdge): RequestHandler {
  return async (request, response) => {
    const program = await programOf(edge, request);
    if (program === null) return sendPublicPage(response, pageNotFound());
    const { definition } = program;
    sendPublicPage(response, thanks(brandOf(definition), definition.page.signUp.thanks));
  };
}

type Invitation = { readonly program: PublicProgram; readonly link: OpenedLink };

/** Whether there is somebody whose invitation this is; says so itself when there is nobody. */
function opens(response: Response, program: PublicProgram, link: OpenedLink | null): link is OpenedLink {
  const brand = brandOf(program.definition);
  if (link === null) sendPublicPage(response, linkMissing(brand));
  else if (link.paused) sendPublicPage(response, linkResting(brand));
  return link !== null && !link.paused;
}

function showForm(response: Response, { program, link }: Invitation, filled: Filled): void {
  const { definition } = program;
  const { page } = definition;
  const fields = signUpFields(page);
  sendPublicPage(response, {
    status: filled === null ? 200 : 422,
    brand: brandOf(definition),
    title: page.signUp.title,
    intro: page.signUp.intro,
    content: formMarkup({
      fields,
      values: readValues(fields, filled?.submitted ?? new URLSearchParams()),
      problems: filled?.problems ?? [],
      button: page.signUp.button,
      consent: consentOf(page, filled?.submitted ?? null),
      privacyUrl: page.privacyUrl,
      hidden: { ref: link.code, [SUBMISSION]: submissionOf(filled?.submitted ?? null) },
    }),
  });
}

/**
 * Who was known before, to us or to another advocate, gets the same thanks as everybody: the form must not tell whose
 * address we have. That holds for the advocate's own address too, or anybody with the link could find out whose it is.
 * The team sees each of them as an entry.
 */
async function record(edge: PublicEdge, { program, link }: Invitation, values: FormValues): Promise<void> {
  const { page } = program.definition;
  const text = (name: string): string | null => values.get(name) || null;
  const answered = page.questions.flatMap(({ key }) => {
    const answer = text(answerName(key));
    return answer === null ? [] : [[key, answer] as const];
  });
  const at = new Date(edge.clock.now()).toISOString();
  try {
    await edge.useCases.recordReferral(program.workspaceId, 'page:sign_up', {
      programId: program.programId,
      code: link.code,
      email: text('email') ?? '',
      firstName: text('firstName'),
      lastName: text('lastName'),
      phone: text('phone'),
      source: 'link',
      answers: Object.fromEntries(answered),
      consent: page.consentText === null ? null : { text: page.consentText, at },
    });
  } catch (error) {
    if (!(error instanceof AlreadyReferred || error instanceof SelfReferral)) throw error;
  }
}

/** What changed between the check and the record: a link that rests since, an address only the use case refuses. */
function showRefusal(
  response: Response,
  error: unknown,
  { submitted, ...invitation }: Invitation & { readonly submitted: URLSearchParams },
): void {
  const brand = brandOf(invitation.program.definition);
  if (error instanceof AdvocatePaused) return sendPublicPage(response, linkResting(brand));
  if (error instanceof ReferralCodeUnknown) return sendPublicPage(response, linkMissing(brand));
  if (!(error instanceof EmailMalformed)) throw error;
  showForm(response, invitation, { submitted, problems: [MALFORMED_EMAIL] });
}
