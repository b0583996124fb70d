// Puts the server's markup into the page. The server has escaped it; nothing is made into markup here.

/** @param {{ regions: Record<string, string>, shown?: string | null, switches: Record<string, boolean>, suggestion?: object }} view */
export function fillRegions(view) {
  for (const [id, markup] of Object.entries(view.regions)) {
    const element = document.getElementById(id);
    if (!element || element.dataset.markup === markup) continue;
    // The first time there is nothing to compare with: what stands there came from the server as well.
    element.dataset.markup = markup;
    if (element instanceof HTMLSelectElement) fillSelect(element, markup, id === 'shown-person' ? view.shown : null);
    else fillKeepingFocus(element, markup);
  }
  const chooser = document.getElementById('shown-person');
  if (chooser && view.shown && chooser.value !== view.shown) chooser.value = view.shown;
  for (const [name, on] of Object.entries(view.switches)) {
    document.querySelector(`[data-switch="${name}"]`)?.setAttribute('aria-checked', String(on));
  }
  if (view.suggestion) suggest(view.suggestion);
}

export function fillSelect(select, markup, wanted) {
  const before = wanted ?? select.value;
  select.innerHTML = markup;
  if ([...select.options].some(({ value }) => value === before)) select.value = before;
}

/** A button that goes away takes the focus with it; then its region keeps it, so that the keyboard does not start over. */
function fillKeepingFocus(element, markup) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  const name = focused?.closest('form')?.querySelector('input[type="hidden"]')?.value;
  element.innerHTML = markup;
  if (!focused) return;
  const itself = focused.id && document.getElementById(focused.id);
  if (itself) return itself.focus();
  const same = name && [...element.querySelectorAll('input[type="hidden"]')].find(({ value }) => value === name);
  const next = same?.form.querySelector('button');
  if (next) return next.focus();
  element.tabIndex = -1;
  element.focus();
}

/** The next believable friend, unless somebody has begun to type another. */
export function suggest(suggestion) {
  const form = document.getElementById('sign-up');
  if (!form) return;
  const inputs = Object.keys(suggestion).map((name) => form.elements.namedItem(name));
  if (inputs.some((input) => input.value !== input.defaultValue)) return;
  for (const input of inputs) {
    input.defaultValue = suggestion[input.name];
    input.value = suggestion[input.name];
  }
}
