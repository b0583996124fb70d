import { hubspot } from '@hubspot/ui-extensions';
import { CardHost } from './card-host.tsx';
import { CardBoundary } from './views/CardBoundary.tsx';
import { CompanyScreen } from './views/CompanyScreen.tsx';

hubspot.extend<'crm.record.tab'>(({ context, actions }) => (
  <CardHost context={context} actions={actions}>
    <CardBoundary>
      <CompanyScreen />
    </CardBoundary>
  </CardHost>
));
