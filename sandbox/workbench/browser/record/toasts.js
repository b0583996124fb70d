// What a card says through `actions.addAlert`.

const SHOWN_MS = 8000;
const KINDS = new Set(['info', 'warning', 'success', 'danger', 'tip']);

export function toast({ type, title, message }) {
  const box = document.createElement('div');
  box.className = `toast ${KINDS.has(type) ? type : 'info'}`;
  const text = document.createElement('p');
  if (title) {
    const strong = document.createElement('strong');
    strong.textContent = title;
    text.append(strong, ' ');
  }
  text.append(message);
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'quiet';
  close.textContent = 'Dismiss';
  close.addEventListener('click', () => box.remove());
  box.append(text, close);
  document.querySelector('#toasts').append(box);
  let timer = 0;
  // Nobody should have to read against the clock: it stays while it is looked at.
  const leave = () => (timer = setTimeout(() => box.remove(), SHOWN_MS));
  for (const kind of ['mouseenter', 'focusin']) box.addEventListener(kind, () => clearTimeout(timer));
  for (const kind of ['mouseleave', 'focusout']) box.addEventListener(kind, leave);
  leave();
}
