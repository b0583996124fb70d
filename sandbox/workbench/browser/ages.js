// "5 s ago · 14:03:05" beside every instant, in the reader's own time zone; what just changed is marked.

const FRESH_MS = 6000;
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function refreshAges() {
  const now = Date.now();
  for (const element of document.querySelectorAll('time[datetime]')) {
    const at = Date.parse(element.dateTime);
    const exact = (Math.abs(now - at) < 12 * 3_600_000 ? clock : date).format(at);
    const text = element.closest('.changed') ? age(now - at) : `${age(now - at)} · ${exact}`;
    if (element.textContent !== text) element.textContent = text;
  }
  for (const row of document.querySelectorAll('[data-changed]')) {
    row.classList.toggle('fresh', now - Number(row.dataset.changed) < FRESH_MS);
  }
}

function age(ms) {
  const ahead = ms < -1500;
  const seconds = Math.round(Math.abs(ms) / 1000);
  if (seconds < 2) return 'just now';
  const words =
    seconds < 60
      ? `${seconds} s`
      : seconds < 3600
        ? `${Math.floor(seconds / 60)} min`
        : seconds < 86_400
          ? `${Math.floor(seconds / 3600)} h`
          : `${Math.floor(seconds / 86_400)} d`;
  return ahead ? `in ${words}` : `${words} ago`;
}
