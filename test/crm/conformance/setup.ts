import { expect, it } from 'vitest';
import { CRM_FIELDS, DEAL_FIELDS } from '../../../shared/crm-fields.ts';
import type { CrmHarness, Given } from '../crm-harness.ts';

const OWN_FIELDS = (harness: CrmHarness) =>
  CRM_FIELDS.map((field) => field[harness.crm.crm]).filter((name): name is NonNullable<typeof name> => name !== null);

const OWN_DEAL_FIELDS = ({ crm }: CrmHarness) => DEAL_FIELDS.map((field) => field[crm.crm]);

async function namesOf({ crm, account }: CrmHarness, objectType: 'contact' | 'deal'): Promise<readonly string[]> {
  return (await crm.readFields(account, objectType)).map(({ name }) => name);
}

/** What is asked once per account: settings, fields, pipelines, owners. */
export function describeSetup(given: Given): void {
  it('states the account’s id, time zone and currency', async () => {
    const { crm, account } = given().harness;
    const details = await crm.readAccount(account);
    expect(details.externalAccountId).toBe(account.externalAccountId);
    expect(details.timeZone).toMatch(/^[A-Z]/);
    expect(details.currency).toMatch(/^[A-Z]{3}$/);
  });

  it('creates every field of ours once, and does nothing the second time', async () => {
    const { harness } = given();
    const [onContacts, onDeals] = [OWN_FIELDS(harness), OWN_DEAL_FIELDS(harness)];
    const own = [...onContacts, ...onDeals];
    const first = await harness.crm.provisionFields(harness.account);
    expect([...first.created].sort()).toEqual([...own].sort());
    expect(await harness.crm.provisionFields(harness.account)).toEqual({ created: [], alreadyThere: own });
    expect(await namesOf(harness, 'contact')).toEqual(expect.arrayContaining(onContacts));
    expect(await namesOf(harness, 'deal')).toEqual(expect.arrayContaining(onDeals));
  });

  it('keeps a label an admin changed and creates again only what an admin deleted', async () => {
    const { harness } = given();
    const [renamed, deleted] = OWN_FIELDS(harness) as [string, string];
    await harness.user.renameContactField(renamed, 'Our link');
    await harness.user.deleteContactField(deleted);
    expect((await harness.crm.provisionFields(harness.account)).created).toEqual([deleted]);
    const fields = await harness.crm.readFields(harness.account, 'contact');
    expect(fields.find(({ name }) => name === renamed)?.label).toBe('Our link');
  });

  it('describes fields by type, with internal values and labels where there are choices', async () => {
    const { crm, account, words } = given().harness;
    const fields = await crm.readFields(account, 'contact');
    expect(fields.find(({ name }) => name === words.text)).toMatchObject({ type: 'text', options: [] });
    const choice = fields.find(({ name }) => name === words.choice);
    expect(choice?.type).toBe('choice');
    expect(choice?.options.map(({ value }) => value)).toEqual(expect.arrayContaining([...words.choices]));
    expect(choice?.options.every(({ label }) => label !== '')).toBe(true);
  });

  it('lists pipelines with their stages in order and tells which stage is won', async () => {
    const { crm, account, words } = given().harness;
    const stages = (await crm.readPipelines(account)).flatMap((pipeline) => {
      const orders = pipeline.stages.map(({ order }) => order);
      expect(orders).toEqual([...orders].sort((a, b) => a - b));
      return pipeline.stages;
    });
    expect(stages.find(({ id }) => id === words.wonStage)?.won).toBe(true);
    const open = stages.find(({ id }) => id === words.openStage);
    expect([open?.won, open?.lost]).toEqual([false, false]);
    // Every account of a CRM has a stage for what is lost; it is never the one that is won.
    const lost = stages.filter((stage) => stage.lost);
    expect(lost.length).toBeGreaterThan(0);
    expect(lost.filter(({ won }) => won)).toEqual([]);
  });

  it('lists active users who may own records, and drops one who is deactivated', async () => {
    const { harness, email } = given();
    const { crm, account, user } = harness;
    const [stays, leaves] = [email(), email()];
    const kept = { id: await user.createOwner('Eva', 'Keeper', stays), name: 'Eva Keeper', email: stays };
    const dropped = { id: await user.createOwner('Leo', 'Goer', leaves), name: 'Leo Goer', email: leaves };
    expect(await crm.readOwners(account)).toEqual(expect.arrayContaining([kept, dropped]));
    await user.deactivateOwner(dropped.id);
    const owners = await crm.readOwners(account);
    expect(owners).toContainEqual(kept);
    expect(owners.map(({ id }) => id)).not.toContain(dropped.id);
  });
}

/** Fields of one program, beside those of all. */
export function describeProgramFields(given: Given): void {
  it('creates the fields of several programs once, labelled with the program, and does nothing the second time', async () => {
    const { harness } = given();
    const { crm, account } = harness;
    const before = await namesOf(harness, 'contact');
    const report = await crm.provisionProgramFields(account, ['partners', 'staff']);
    const added = (await crm.readFields(account, 'contact')).filter(({ name }) => !before.includes(name));
    expect(report.alreadyThere).toEqual([]);
    expect(added.map(({ name }) => name).sort()).toEqual([...report.created].sort());
    expect(added.filter(({ label }) => label.endsWith('(partners)'))).toHaveLength(added.length / 2);
    const again = await crm.provisionProgramFields(account, ['staff', 'partners', 'staff']);
    expect(again.created).toEqual([]);
    expect([...again.alreadyThere].sort()).toEqual([...report.created].sort());
  });

  it('keeps the label of a program’s field an admin renamed, and creates again one an admin deleted', async () => {
    const { harness } = given();
    const { crm, account, user } = harness;
    const [renamed, deleted] = (await crm.provisionProgramFields(account, ['staff'])).alreadyThere as [string, string];
    await user.renameContactField(renamed, 'Staff link');
    await user.deleteContactField(deleted);
    expect((await crm.provisionProgramFields(account, ['staff'])).created).toEqual([deleted]);
    const fields = await crm.readFields(account, 'contact');
    expect(fields.find(({ name }) => name === renamed)?.label).toBe('Staff link');
  });

  it('calls nobody for the fields of no program', async () => {
    const { harness } = given();
    const before = await harness.callCount();
    const nothing = { created: [], alreadyThere: [] };
    expect(await harness.crm.provisionProgramFields(harness.account, [])).toEqual(nothing);
    expect(await harness.crm.createDeals(harness.account, [])).toEqual([]);
    expect(await harness.callCount()).toBe(before);
  });
}
