import type { CardAlert, CrmProperties, IframeRequest, PropertyNames } from '../wire.ts';
import { messageOf, page, refuse } from './page.ts';
import { subscribe } from './subscriptions.ts';

const ALERT_TYPES = ['info', 'warning', 'success', 'danger', 'tip'];

/** The `actions` of the extension points on CRM records. */
export const actions = {
  addAlert({ type = 'info', title, message }: Partial<CardAlert>): void {
    if (!ALERT_TYPES.includes(type)) {
      attempt(refuse(`addAlert does not know the type "${type}"; it takes ${ALERT_TYPES.join(', ')}.`));
      return;
    }
    if (typeof message !== 'string' || message === '') {
      attempt(refuse('addAlert needs a message.'));
      return;
    }
    attempt(page.addAlert({ type, message, ...(title ? { title } : {}) }));
  },

  copyTextToClipboard: (text: string): Promise<void> => page.copyTextToClipboard(text),

  fetchCrmObjectProperties: (names: PropertyNames): Promise<CrmProperties> => page.crmProperties(names),

  refreshObjectProperties: (): void => attempt(page.refreshObjectProperties()),

  onCrmPropertiesUpdate(
    names: PropertyNames,
    onChange: (properties: CrmProperties, error?: { message: string }) => void,
  ): void {
    // HubSpot gives no way to end it; it ends with the worker.
    subscribe({ names, onChange });
  },

  reloadPage: (): void => attempt(page.reloadPage()),

  closeOverlay: (id: string): void => attempt(page.closeOverlay(id)),

  openIframeModal: (request: IframeRequest, onClose?: () => void): void =>
    attempt(onClose ? page.openIframeModal(request, onClose) : page.openIframeModal(request)),

  navigateToPage: (): void => attempt(refuse('navigateToPage leads to pages of an app; this app has none.')),
};

/** Actions without a result cannot reject, so what goes wrong is said to the page. */
function attempt(action: Promise<unknown>): void {
  action.catch((error: unknown) => void page.log('error', messageOf(error)));
}
