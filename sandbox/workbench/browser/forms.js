// Sends forms and switches, and shows what came of it next to them.

/** @param {{ shown: () => string, done: (choose?: string) => Promise<void> }} page */
export function listenToForms(page) {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (!form.dataset.action) return;
    event.preventDefault();
    void submit(form, page, event.submitter);
  });
  for (const button of document.querySelectorAll('[data-switch]')) {
    button.addEventListener('click', () => void flip(button, page));
  }
}

async function submit(form, page, submitter) {
  const button = submitter ?? form.querySelector('button[type="submit"]');
  if (button.getAttribute('aria-disabled') === 'true') return;
  button.setAttribute('aria-disabled', 'true');
  const place = outcomeOf(form);
  showProblems(form, {});
  tell(place, 'Working …', 'busy');
  const values = { ...Object.fromEntries(new FormData(form, submitter)), shown: page.shown() };
  const { ok, message, fields = {}, choose } = await send(form.dataset.action, values);
  showProblems(form, fields);
  tell(place, message, ok ? 'good' : 'bad');
  button.removeAttribute('aria-disabled');
  if (!ok) return form.querySelector('[aria-invalid="true"]')?.focus();
  // The values were used: the next suggestion may take their place.
  if (form.id === 'sign-up') for (const input of form.querySelectorAll('input')) input.defaultValue = input.value;
  await page.done(choose);
}

async function flip(button, page) {
  const on = button.getAttribute('aria-checked') !== 'true';
  const { ok, message } = await send(button.dataset.switch, { on: String(on) });
  tell(outcomeOf(button), message, ok ? 'good' : 'bad');
  if (ok) button.setAttribute('aria-checked', String(on));
  await page.done();
}

async function send(action, values) {
  try {
    const answer = await fetch(`/workbench/actions/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(values),
    });
    const said = await answer.json().catch(() => ({}));
    return { ok: answer.ok, ...said, message: said.message ?? `Passalong answered ${answer.status}.` };
  } catch {
    return { ok: false, message: 'Passalong does not answer. Nothing was sent; try again in a moment.' };
  }
}

function outcomeOf(element) {
  const { outcome } = element.dataset;
  return outcome ? document.getElementById(outcome) : element.closest('.card').querySelector('[data-outcome]');
}

function tell(place, message, kind) {
  place.textContent = message;
  place.dataset.kind = kind;
}

function showProblems(form, fields) {
  for (const place of form.querySelectorAll('[data-problem]')) {
    const problem = fields[place.dataset.problem] ?? '';
    place.textContent = problem;
    const input = form.elements.namedItem(place.dataset.problem);
    if (problem) input.setAttribute('aria-invalid', 'true');
    else input.removeAttribute('aria-invalid');
  }
}
