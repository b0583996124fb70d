// Tabs as the keyboard expects them: arrows, Home and End move, one of them is in the tab order.

export function listenToTabs() {
  const tabs = [...document.querySelectorAll('[role="tab"]')];

  function select(tab, withFocus) {
    for (const other of tabs) {
      const isIt = other === tab;
      other.setAttribute('aria-selected', String(isIt));
      other.tabIndex = isIt ? 0 : -1;
      document.getElementById(other.getAttribute('aria-controls')).hidden = !isIt;
    }
    if (withFocus) tab.focus();
  }

  for (const tab of tabs) {
    tab.addEventListener('click', () => select(tab, false));
    tab.addEventListener('keydown', (event) => {
      const at = tabs.indexOf(tab);
      const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      select(tabs[(to + tabs.length) % tabs.length], true);
    });
  }
}
