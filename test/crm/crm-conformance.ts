import { afterAll, beforeAll, describe } from 'vitest';
import { describeAllContacts } from './conformance/all-contacts.ts';
import { describeChanges } from './conformance/changes.ts';
import { describeCompanies } from './conformance/companies.ts';
import { describeDeals } from './conformance/deals.ts';
import { describeDeparture, describeFailures } from './conformance/failures.ts';
import { describeHonesty } from './conformance/honesty.ts';
import { describeLists } from './conformance/lists.ts';
import { describeFinding, describeReading } from './conformance/reading.ts';
import { describeRoles } from './conformance/roles.ts';
import { describeProgramFields, describeSetup } from './conformance/setup.ts';
import { describeCreating, describeUpdating } from './conformance/writing.ts';
import type { CrmHarness } from './crm-harness.ts';

/** What every CRM behind `CrmPort` must do. Knows no CRM: whatever differs is in the harness. */
export function describeCrmConformance(name: string, start: () => Promise<CrmHarness>): void {
  describe(`${name} behind the CRM port`, () => {
    let harness: CrmHarness;
    let serial = 0;
    const email = () => `person-${String((serial += 1))}@example.com`;
    beforeAll(async () => {
      harness = await start();
    });
    afterAll(() => harness.close());
    const given = () => ({ harness, email });
    describeSetup(given);
    describeProgramFields(given);
    describeReading(given);
    describeFinding(given);
    describeCompanies(given);
    describeRoles(given);
    describeChanges(given);
    describeAllContacts(given);
    describeLists(given);
    describeCreating(given);
    describeUpdating(given);
    describeDeals(given);
    describeHonesty(given);
    describeFailures(given);
    describeDeparture(given);
  });
}
