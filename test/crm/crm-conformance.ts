import { afterAll, beforeAll, describe } from 'vitest';
import { describeAllContacts } from './conformance/all-contacts.ts';
import { describeChanges } from './conformance/changes.ts';
import { describeCompanies } from './conformance/companies.ts';
import { describeDeals } from './conformance/deals.ts';
import { describeDeparture, describeFailures } from './conformance/failures.ts';
import { describeHonesty } from './conformance/honesty.ts';
import { describeActiveLists, describeLists } from './conformance/lists.ts';
import { describeFinding, describeReading } from './conformance/reading.ts';
import { describeRoles } from './conformance/roles.ts';
import { describeOwnFields, describePackagedFields, describeProgramFields } from './conformance/own-fields.ts';
import { describeSetup } from './conformance/setup.ts';
import { describeCreating, describeUpdating } from './conformance/writing.ts';
import type { CrmHarness, CrmTraits } from './crm-harness.ts';

export type ConformanceInput = { readonly traits: CrmTraits; readonly start: () => Promise<CrmHarness> };

/** What every CRM behind `CrmPort` must do. Knows no CRM: whatever differs is in the harness and its traits. */
export function describeCrmConformance(name: string, { traits, start }: ConformanceInput): void {
  describe(`${name} behind the CRM port`, () => {
    let harness: CrmHarness;
    let serial = 0;
    const email = () => `person-${String((serial += 1))}@example.com`;
    beforeAll(async () => {
      harness = await start();
    });
    afterAll(() => harness.close());
    const given = () => ({ harness, email });
    if (traits.ownFields === 'created') {
      describeOwnFields(given);
      describeProgramFields(given);
    } else describePackagedFields(given);
    describeSetup(given);
    describeReading(given);
    describeFinding(given);
    describeCompanies(given);
    describeRoles(given);
    describeChanges(given);
    describeAllContacts(given);
    describeLists(given, traits);
    if (traits.activeLists) describeActiveLists(given);
    describeCreating(given);
    describeUpdating(given, traits);
    describeDeals(given);
    describeHonesty(given);
    describeFailures(given);
    describeDeparture(given);
  });
}
