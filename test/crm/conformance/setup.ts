import { expect, it } from 'vitest';
import { CRM_FIELDS } from '../../../shared/crm-fields.ts';
import type { CrmHarness, Given } from '../crm-harness.ts';

const OWN_FIELDS = (harness: CrmHarness) =>
  CRM_FIELDS.map((field) => field[harness.crm.crm]).filter((name): name is NonNullable<typeof name> => name !== null);

/** What is asked once per account: settings, fields, pipelines. */
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
    const own = OWN_FIELDS(harness);
    const first = await harness.crm.provisionFields(harness.account);
    expect([...first.created].sort()).toEqual([...own].sort());
    expect(await harness.crm.provisionFields(harness.account)).toEqual({ created: [], alreadyThere: own });
    const fields = await harness.crm.readFields(harness.account, 'contact');
    for (const field of own) expect(fields.map(({ name }) => name)).toContain(field);
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
    expect(stages.find(({ id }) => id === words.openStage)?.won).toBe(false);
  });
}
