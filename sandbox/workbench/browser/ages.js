// "5 min ago" for every instant, its exact time in the reader's own time zone on hover; what just changed is marked.

const FRESH_MS = 6000;
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

export function refreshAges() {
  const now = Date.now();
  for (const element of document.querySelectorAll('time[datetime]')) {
    const at = Date.parse(element.dateTime);
    const text = age(now - at);
    if (element.textContent === text) continue;
    element.textContent = text;
    element.title = exact.format(at);
    // A repeated one is hidden: its line still tells.
    element.closest('.meta')?.setAttribute('title', element.title);
  }
  quietRepeats();
  for (const row of document.querySelectorAll('[data-changed]')) {
    row.classList.toggle('fresh', now - Number(row.dataset.changed) < FRESH_MS);
  }
}

/** Much happens at once: the eye needs a moment only where it differs from the line above. Readers hear each. */
function quietRepeats() {
  let above = null;
  for (const element of document.querySelectorAll('.timeline time')) {
    element.classList.toggle('visually-hidden', element.textContent === above);
    above = element.textContent;
  }
}

/** In steps that do not tick while somebody reads: tens of seconds, then minutes, hours, days. */
function age(ms) {
  const ahead = ms < -1500;
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 10) return 'just now';
  const words =
    seconds < 60
      ? `${Math.floor(seconds / 10) * 10} s`
      : seconds < 3600
        ? `${Math.floor(seconds / 60)} min`
        : seconds < 86_400
          ? `${Math.floor(seconds / 3600)} h`
          : `${Math.floor(seconds / 86_400)} d`;
  return ahead ? `in ${words}` : `${words} ago`;
}
