import { hubspot } from '@hubspot/ui-extensions';
import { CardHost } from './card-host.tsx';
import { CardBoundary } from './views/CardBoundary.tsx';
import { TicketScreen } from './views/TicketScreen.tsx';

hubspot.extend<'helpdesk.sidebar'>(({ context, actions }) => (
  <CardHost context={context} actions={actions}>
    <CardBoundary>
      <TicketScreen />
    </CardBoundary>
  </CardHost>
));
