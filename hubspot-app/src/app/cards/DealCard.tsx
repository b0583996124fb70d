import { hubspot } from '@hubspot/ui-extensions';
import { CardHost } from './card-host.tsx';
import { CardBoundary } from './views/CardBoundary.tsx';
import { DealScreen } from './views/DealScreen.tsx';

hubspot.extend<'crm.record.tab'>(({ context, actions }) => (
  <CardHost context={context} actions={actions}>
    <CardBoundary>
      <DealScreen />
    </CardBoundary>
  </CardHost>
));
