import { html, type Html } from '../reference/html.ts';
import type { FieldProblem, FormField, FormValues } from './form-fields.ts';

export type FilledForm = {
  readonly fields: readonly FormField[];
  readonly values: FormValues;
  readonly problems: readonly FieldProblem[];
  readonly button: string;
  readonly consent: Consent;
  readonly privacyUrl: string | null;
  /** Sent along unseen. */
  readonly hidden: Readonly<Record<string, string>>;
};

/** The words people agree to; `mark` says which words were shown. Null: nothing is asked. */
export type Consent = { readonly text: string; readonly mark: string; readonly agreed: boolean } | null;

export const CONSENT = 'consent';
/** Filled in by robots that fill in everything; people neither see nor reach it. */
export const TRAP = 'homepage';

/** The whole form, with what is to be mended above it. Checked by us and not by the browser: one way to say what is wrong. */
export function formMarkup(form: FilledForm): Html {
  const [first, second, ...others] = form.fields;
  const markup = (field: FormField | undefined): Html | null => (field ? fieldMarkup(field, form) : null);
  return html`${problemSummary(form.problems)}
    <form method="post" novalidate>
      ${hiddenInputs(Object.entries(form.hidden))}
      <div class="pair">${markup(first)} ${markup(second)}</div>
      ${others.map(markup)} ${trap()} ${consentMarkup(form)}
      <button type="submit" dir="auto">${form.button}</button>
      ${form.privacyUrl === null ? null : privacyLink(form.privacyUrl)}
    </form>`;
}

export function hiddenInputs(pairs: Iterable<readonly [string, string]>): Html[] {
  return [...pairs].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`);
}

/** Takes the focus when the page opens, so that everybody begins with what is wrong; each line leads to its field. */
function problemSummary(problems: readonly FieldProblem[]): Html | null {
  if (problems.length === 0) return null;
  const lines = problems.map(
    (problem) => html`<li><a href="#${idOf(problem.name)}" dir="auto">${inFull(problem)}</a></li>`,
  );
  return html`<div class="problems" role="alert" tabindex="-1" autofocus aria-labelledby="problems">
    <h2 id="problems">
      ${problems.length === 1 ? 'One thing needs your attention' : 'Some things need your attention'}
    </h2>
    <ul>
      ${lines}
    </ul>
  </div>`;
}

/** Away from its field, a message says which one it means. */
function inFull({ about, message }: FieldProblem): string {
  if (about === undefined) return message;
  return /\p{Po}$/u.test(about) ? `${about} ${message}` : `${about}: ${message}`;
}

function fieldMarkup(field: FormField, { values, problems }: FilledForm): Html {
  const { label, name, required } = field;
  const problem = problems.find((each) => each.name === name);
  const optional = required ? null : html` <span class="quiet">(optional)</span>`;
  return html`<div class="field">
    <label for="${idOf(name)}"><span dir="auto">${label}</span>${optional}</label>
    ${field.type === 'choice' ? choice(field, values, problem) : textInput(field, values, problem)}
    ${problem === undefined ? null : problemMarkup(problem)}
  </div>`;
}

function textInput(field: FormField, values: FormValues, problem: FieldProblem | undefined): Html {
  const { name, type, maxLength, autocomplete, required } = field;
  // Addresses and numbers are written from left to right in every language.
  const direction = type === 'text' ? 'auto' : 'ltr';
  return html`<input
    id="${idOf(name)}"
    name="${name}"
    type="${type}"
    value="${values.get(name) ?? ''}"
    maxlength="${maxLength}"
    autocomplete="${autocomplete ?? 'off'}"
    dir="${direction}"
    ${type === 'email' ? raw('autocapitalize="none" spellcheck="false"') : null}
    ${state(name, { required, problem })}
  />`;
}

function choice(field: FormField, values: FormValues, problem: FieldProblem | undefined): Html {
  const { name, options = [], required } = field;
  const chosen = values.get(name) ?? '';
  const lines = options.map(
    (option) => html`<option value="${option}" ${option === chosen ? raw('selected') : null}>${option}</option>`,
  );
  return html`<span class="choice"
    ><select id="${idOf(name)}" name="${name}" ${state(name, { required, problem })}>
      <option value="">Choose an answer</option>
      ${lines}
    </select></span
  >`;
}

function consentMarkup({ consent, problems }: FilledForm): Html | null {
  if (consent === null) return null;
  const problem = problems.find(({ name }) => name === CONSENT);
  return html`<div class="agree">
    <input
      id="${idOf(CONSENT)}"
      name="${CONSENT}"
      type="checkbox"
      value="${consent.mark}"
      ${consent.agreed ? raw('checked') : null}
      ${state(CONSENT, { required: true, problem })}
    />
    <label for="${idOf(CONSENT)}" dir="auto">${consent.text}</label>
    ${problem === undefined ? null : problemMarkup(problem)}
  </div>`;
}

function privacyLink(url: string): Html {
  return html`<p>
    <a href="${url}" target="_blank" rel="noopener noreferrer">Privacy policy (opens in a new tab)</a>
  </p>`;
}

function trap(): Html {
  return html`<div class="trap" aria-hidden="true">
    <label for="${idOf(TRAP)}">Leave this empty</label>
    <input id="${idOf(TRAP)}" name="${TRAP}" type="text" tabindex="-1" autocomplete="off" />
  </div>`;
}

function problemMarkup({ name, message }: FieldProblem): Html {
  return html`<p class="wrong" id="${idOf(name)}-problem" dir="auto">${message}</p>`;
}

function state(name: string, { required, problem }: { required: boolean; problem: FieldProblem | undefined }): Html {
  const wrong = problem === undefined ? '' : ` aria-invalid="true" aria-describedby="${idOf(name)}-problem"`;
  return raw(`${required ? 'required' : ''}${wrong}`);
}

/** Attributes written here, never by anybody else. */
function raw(markup: string): Html {
  return { markup };
}

/** Names are ours or keys of letters, digits and underscores. */
function idOf(name: string): string {
  return `field-${name.replace('.', '-')}`;
}
