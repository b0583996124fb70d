import type { Stage, Tenant } from './stage.ts';

/** The program most journeys use: Closed Won in the sales pipeline approves, and pays the advocate 10 %. */
export const DEAL_PROGRAM = {
  name: 'Customer referrals',
  landingUrl: 'https://example.com/welcome',
  rules: [
    {
      object: 'deal',
      field: 'dealstage',
      operator: 'any_of',
      pipelineId: 'default',
      values: ['closedwon'],
      status: 'approved',
      enabled: true,
    },
  ],
  rewardRules: [
    {
      recipient: 'advocate',
      onStatus: 'approved',
      approval: 'manual',
      kind: 'percent',
      percent: '10',
      saleValue: { object: 'deal', field: 'amount' },
    },
  ],
};

export type Launched = {
  readonly programId: string;
  readonly advocateId: string;
  readonly code: string;
  readonly link: string;
  readonly advocateContactId: string;
};

/** A published program with one advocate, who is a contact of the portal. */
export async function launch(stage: Stage, tenant: Tenant, definition: unknown = DEAL_PROGRAM): Promise<Launched> {
  await stage.settle();
  const created = await tenant.api('POST', '/programs', definition);
  if (created.status !== 201) throw new Error(`program refused: ${JSON.stringify(created.body)}`);
  const published = await tenant.api('POST', `/programs/${created.body.id}/publish`);
  if (published.status !== 200) throw new Error(`not published: ${JSON.stringify(published.body)}`);
  const advocateContactId = stage.hubspot.control
    .portal(tenant.portalId)
    .createContact({ email: 'ada.advocate@example.com', firstname: 'Ada', lastname: 'Advocate' });
  const advocate = await tenant.api('POST', `/programs/${created.body.id}/advocates`, {
    email: 'ada.advocate@example.com',
    firstName: 'Ada',
    lastName: 'Advocate',
  });
  if (advocate.status >= 300) throw new Error(`advocate refused: ${JSON.stringify(advocate.body)}`);
  await stage.settle();
  return { programId: created.body.id, advocateContactId, ...advocate.body };
}

export async function referFriend(
  tenant: Tenant,
  launched: Launched,
  friend: { email: string; firstName?: string; lastName?: string; phone?: string },
): Promise<string> {
  const answer = await tenant.api('POST', `/programs/${launched.programId}/referrals`, {
    code: launched.code,
    ...friend,
  });
  if (answer.status >= 300) throw new Error(`referral refused: ${JSON.stringify(answer.body)}`);
  return answer.body.referralId ?? answer.body.id;
}

/** Our properties of a contact, as HubSpot holds them; the empty ones left out. */
export function ownProperties(stage: Stage, portalId: number, contactId: string): Record<string, string> {
  const record = stage.hubspot.control.portal(portalId).get('contacts', contactId);
  const entries = Object.entries(record?.properties ?? {}).filter(
    ([name, value]) => name.startsWith('passalong_') && value,
  );
  return Object.fromEntries(entries) as Record<string, string>;
}
