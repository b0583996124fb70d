import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOfContact } from '../../backend/src/cards/contact-code-store.ts';
import { referralOfContact } from '../../backend/src/cards/review-requests-store.ts';
import { NOW, openRowsDatabase, type RowsDatabase, type WorkspaceRows } from './workspace-rows.ts';

let database: RowsDatabase;
let rows: WorkspaceRows;
let programId: string;
let otherProgramId: string;
let referralId: string;
let advocateId: string;
/** Another account of the same workspace; its contact 1 is somebody else. */
const SECOND = 'con_second';

beforeAll(async () => {
  database = await openRowsDatabase();
  rows = await database.workspace('6000');
  programId = await rows.program({ name: 'Customers' });
  otherProgramId = await rows.program({ name: 'Partners' });
  const ada = await rows.person('1', 'Ada Advocate');
  const dana = await rows.person('2', 'Dana Friend');
  const stranger = await rows.person('3', 'Sam Stranger');
  advocateId = await rows.advocate(programId, ada);
  await rows.advocate(programId, stranger);
  referralId = await rows.referral({ programId, advocateId, personId: dana });
  await rows.read(async (tx) => {
    const { workspaceId: workspace_id } = rows;
    await tx('connections').insert({
      id: SECOND,
      workspace_id,
      crm: 'hubspot',
      external_account_id: '6001',
      status: 'connected',
      crm_schema: {},
      connected_at: NOW,
      created_at: NOW,
    });
    const record = { connection_id: SECOND, object_type: 'contact', workspace_id, first_seen_at: NOW };
    await tx('crm_records').insert([
      { ...record, record_id: '1', person_id: stranger },
      { ...record, record_id: '3', person_id: ada },
    ]);
  });
});
afterAll(() => database.close());

const ofContact = (contactId: string, connectionId = rows.connectionId): Promise<unknown> =>
  rows.read((tx) => referralOfContact(tx, { connectionId, contactId, referralId }));

test('a referral is its advocate’s and its friend’s, in the account the card is in (E33)', async () => {
  expect([await ofContact('1'), await ofContact('2')]).toEqual([{ programId }, { programId }]);
  expect(await ofContact('3', SECOND)).toEqual({ programId });
});

test('it is nobody else’s, though they refer too, and no other account’s contact of that id (E33)', async () => {
  expect([await ofContact('3'), await ofContact('1', SECOND), await ofContact('99')]).toEqual([null, null, null]);
});

test('a referral that was merged into another is nobody’s any more (E5)', async () => {
  const eve = await rows.person('4', 'Eve Friend');
  const merged = await rows.referral({ programId, advocateId, personId: eve });
  const read = (): Promise<unknown> =>
    rows.read((tx) => referralOfContact(tx, { ...rows, contactId: '1', referralId: merged }));
  expect(await read()).toEqual({ programId });
  await rows.read((tx) => tx('referrals').where({ id: merged }).update({ merged_into: referralId }));
  expect(await read()).toBeNull();
});

test('a contact’s code is the one of the program that was chosen, and of this account’s contact', async () => {
  const codeOf = (program: string, contactId: string, connectionId = rows.connectionId): Promise<string | null> =>
    rows.read((tx) => codeOfContact(tx, { connectionId, contactId, programId: program }));
  const own = advocateId.slice(4, 16);
  expect(await codeOf(programId, '1')).toBe(own);
  expect(await codeOf(otherProgramId, '1')).toBeNull();
  expect([await codeOf(programId, '3', SECOND), await codeOf(programId, '1', SECOND)]).toEqual([
    own,
    await codeOf(programId, '3'),
  ]);
});
