import { expect, it } from 'vitest';
import { CRM_FIELDS, DEAL_FIELDS } from '../../../shared/crm-fields.ts';
import { CrmPackageMissing } from '../../../backend/src/crm/errors.ts';
import type { CrmHarness, Given } from '../crm-harness.ts';

const OWN_FIELDS = (harness: CrmHarness) =>
  CRM_FIELDS.map((field) => field[harness.crm.crm]).filter((name): name is NonNullable<typeof name> => name !== null);

const OWN_DEAL_FIELDS = ({ crm }: CrmHarness) => DEAL_FIELDS.map((field) => field[crm.crm]);

async function namesOf({ crm, account }: CrmHarness, objectType: 'contact' | 'deal'): Promise<readonly string[]> {
  return (await crm.readFields(account, objectType)).map(({ name }) => name);
}

/** Our own fields, where we make them. */
export function describeOwnFields(given: Given): void {
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
}

/** Our own fields, where they come with a package. */
export function describePackagedFields(given: Given): void {
  it('finds every field of ours there, and makes none', async () => {
    const { harness } = given();
    const [onContacts, onDeals] = [OWN_FIELDS(harness), OWN_DEAL_FIELDS(harness)];
    const report = { created: [], alreadyThere: expect.arrayContaining([...onContacts, ...onDeals]) };
    expect(await harness.crm.provisionFields(harness.account)).toEqual(report);
    expect(await harness.crm.provisionFields(harness.account)).toEqual(report);
    expect(await namesOf(harness, 'contact')).toEqual(expect.arrayContaining(onContacts));
    expect(await namesOf(harness, 'deal')).toEqual(expect.arrayContaining(onDeals));
  });

  it('names the field an administrator keeps from us, until it is given back, and leaves labels alone (E23)', async () => {
    const { harness } = given();
    const { crm, account, user } = harness;
    const [renamed, hidden] = OWN_FIELDS(harness) as [string, string];
    await user.renameContactField(renamed, 'Our link');
    await user.deleteContactField(hidden);
    const refused = await crm.provisionFields(account).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(CrmPackageMissing);
    expect(String(refused)).toContain(hidden);
    await user.giveBackContactField(hidden);
    expect((await crm.provisionFields(account)).alreadyThere).toContain(hidden);
    const fields = await crm.readFields(account, 'contact');
    expect(fields.find(({ name }) => name === renamed)?.label).toBe('Our link');
  });

  it('has nothing to make for programs, and calls nobody', async () => {
    const { harness } = given();
    const before = await harness.callCount();
    const nothing = { created: [], alreadyThere: [] };
    expect(await harness.crm.provisionProgramFields(harness.account, ['partners', 'staff'])).toEqual(nothing);
    expect(await harness.crm.provisionProgramFields(harness.account, [])).toEqual(nothing);
    expect(await harness.crm.createDeals(harness.account, [])).toEqual([]);
    expect(await harness.callCount()).toBe(before);
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
