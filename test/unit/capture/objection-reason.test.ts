import { describe, expect, it } from 'vitest';
import type { IntegrityFinding } from '../../../backend/src/capture/integrity.ts';
import type { Objection } from '../../../backend/src/capture/objection.ts';
import { objectionReason } from '../../../backend/src/sync/capture/capture-entries.ts';
import { facts } from './build.ts';

const said = { value: 'x', recordId: null, field: 'x' };

function sharing(shared: 'phone'): IntegrityFinding {
  return { check: 'selfReferral', policy: 'review', evidence: [{ shared, friend: said, advocate: said }] };
}

const company: IntegrityFinding = { check: 'sameCompany', policy: 'review', evidence: [] };

function objection(input: Partial<Objection>): Objection {
  const at = { referredAt: '2026-11-02T09:00:00.000Z', clockOffsetMs: null };
  return { policy: 'review', because: 'integrity', existing: null, findings: [], ...at, ...input };
}

describe('the sentence on a referral that waits or is denied', () => {
  it('names everything that was found beside that the CRM knew them (E6, E18)', () => {
    const asked = objection({ because: 'existing_contact', findings: [sharing('phone'), company] });
    expect(objectionReason(asked, facts())).toBe(
      'Waiting for review: this person was in the CRM before they were referred; friend and advocate share a phone number; friend and advocate work at the same company',
    );
  });

  it('names what decided, and of a denial not what would only have been asked', () => {
    const findings = [company, { ...sharing('phone'), policy: 'deny' as const }];
    expect(objectionReason(objection({ policy: 'deny', findings }), facts())).toBe(
      'Not accepted by this program: friend and advocate share a phone number',
    );
    const known = objection({ policy: 'deny', because: 'existing_contact', findings });
    expect(objectionReason(known, facts())).toMatch(/before the referral; friend and advocate share a phone number$/);
  });
});
