import { describeCrmConformance } from './crm-conformance.ts';
import { startHubSpotHarness } from './support/hubspot-harness.ts';

describeCrmConformance('HubSpot', {
  traits: { ownFields: 'created', activeLists: true, writesAnswer: 'stored' },
  start: () => startHubSpotHarness(),
});
