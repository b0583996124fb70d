import { afterEach, beforeEach, expect, test } from 'vitest';
import { launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

const PORTAL = 821;
const EMAIL = 'finn@example.org';

let stage: Stage;
let tenant: Tenant;
let launched: Launched;
let friendId: string;

beforeEach(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant);
  await referFriend(tenant, launched, { email: EMAIL, firstName: 'Finn', lastName: 'Friend' });
  await stage.settle();
  friendId = contactsOf(EMAIL)[0]!;
});

afterEach(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);
const contactsOf = (email: string) =>
  portal()
    .find('contacts', 'email', email)
    .map(({ id }) => id);

test.each(['after a disconnect', 'after a re-authorisation'])(
  'a friend whose contact was deleted by people is not made anew when the account is connected again, %s',
  async (how) => {
    portal().delete('contacts', friendId);
    await stage.settle();
    if (how === 'after a disconnect') await tenant.api('DELETE', `/connections/${tenant.connectionId}`);
    await stage.install(PORTAL);
    await stage.settle();
    expect(contactsOf(EMAIL)).toEqual([friendId]);
    portal().restore('contacts', friendId);
    await stage.settle();
    expect(portal().ids('contacts')).toEqual([launched.advocateContactId, friendId]);
    expect(ownProperties(stage, PORTAL, friendId)['passalong_referral_status']).toBe('pending');
  },
);
