import { expect, it } from 'vitest';
import type { Given } from '../crm-harness.ts';

/** What is asked once per account: settings, fields, pipelines, owners. */
export function describeSetup(given: Given): void {
  it('states the account’s id, time zone and currency', async () => {
    const { crm, account } = given().harness;
    const details = await crm.readAccount(account);
    expect(details.externalAccountId).toBe(account.externalAccountId);
    expect(details.timeZone).toMatch(/^[A-Z]/);
    expect(details.currency).toMatch(/^[A-Z]{3}$/);
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
