import { describeCrmConformance } from './crm-conformance.ts';
import { startSalesforceHarness } from './support/salesforce-harness.ts';

describeCrmConformance('Salesforce', {
  traits: { ownFields: 'packaged', activeLists: false, writesAnswer: 'sent' },
  start: () => startSalesforceHarness(),
});
