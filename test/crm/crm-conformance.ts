import { afterAll, beforeAll, describe } from 'vitest';
import { describeChanges } from './conformance/changes.ts';
import { describeDeparture, describeFailures } from './conformance/failures.ts';
import { describeFinding, describeReading } from './conformance/reading.ts';
import { describeSetup } from './conformance/setup.ts';
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
    describeReading(given);
    describeFinding(given);
    describeChanges(given);
    describeCreating(given);
    describeUpdating(given);
    describeFailures(given);
    describeDeparture(given);
  });
}
