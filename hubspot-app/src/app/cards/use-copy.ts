import { useCardHost } from './card-host.tsx';

/** Copies and says so; a browser that refuses leaves the text on the card to be copied by hand. */
export function useCopy(): (text: string, what: string) => Promise<void> {
  const { actions } = useCardHost();
  return async (text, what) => {
    try {
      await actions.copyTextToClipboard(text);
      actions.addAlert({ type: 'success', message: `${what} copied.` });
    } catch {
      actions.addAlert({
        type: 'danger',
        title: `${what} not copied`,
        message: 'Your browser refused. Select the text on the card and copy it by hand.',
      });
    }
  };
}
