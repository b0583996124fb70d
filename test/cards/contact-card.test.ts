import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { daysAgo, NOW, openWorld, PUBLIC_URL, type World } from './contact-world.ts';

let world: World;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const iso = (date: Date): string => date.toISOString();
const QUIET = ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11'].map((month) => ({
  month,
  referred: 0,
}));
const NO_REFERRALS = { items: [], total: 0, nextCursor: null };

function recordUrl(account: string, recordId: string): string {
  return `https://app-eu1.hubspot.com/contacts/${account}/record/0-1/${recordId}`;
}

describe('a contact who does not refer', () => {
  test('and whom nobody has seen is offered a link (RF-09, RL-06)', async () => {
    const ours = await world.workspace('unseen');
    const programs = [{ id: ours.programId('main'), name: 'Customer referrals' }];
    expect(await ours.card('777')).toEqual({
      kind: 'contact',
      asOf: iso(NOW),
      account: { status: 'connected', behind: false },
      contact: { name: 'Unnamed contact', email: null, recordUrl: recordUrl('101', '777') },
      programs,
      advocacies: [],
      enrollable: programs,
      referrals: NO_REFERRALS,
      rewards: { items: [], total: 0 },
      referredBy: [],
      nextSteps: [{ code: 'enrol', text: 'Enrol this contact in Customer referrals to get a link' }],
    });
    await ours.contact('777', null);
    expect(await ours.card('777')).toMatchObject({ contact: { name: 'Unnamed contact' }, enrollable: programs });
  });

  test('but was referred shows who brought them, and what that waits for (RF-09, G1)', async () => {
    const { ours } = await world.withAda('referred');
    await ours.friend('dana');
    await ours.contact('601', 'dana');
    await ours.referral('1', { advocate: 'ada', friend: 'dana' });
    const card = await ours.card('601');
    expect(card).toMatchObject({ advocacies: [], referrals: NO_REFERRALS, contact: { name: 'Dana Friend' } });
    expect(card.referredBy).toEqual([
      {
        id: ours.referralId('1'),
        programName: 'Customer referrals',
        friend: { name: 'Dana Friend', email: 'dana@example.org', recordUrl: expect.stringMatching(/\/0-1\/601$/) },
        advocate: { name: 'Ada Advocate', email: 'ada@example.com', recordUrl: expect.stringMatching(/\/0-1\/501$/) },
        status: 'pending',
        reason: 'Waiting for a deal to reach Closed won',
        referredAt: iso(daysAgo(1)),
        statusAt: iso(daysAgo(1)),
        source: 'link',
        reviewAskedAt: null,
      },
    ]);
    expect(card.nextSteps).toEqual([
      {
        code: 'follow_up',
        text: 'Referred by Ada Advocate and waiting for a deal to reach Closed won: follow up',
      },
      { code: 'enrol', text: 'Enrol Dana in Customer referrals to get a link' },
    ]);
  });

  test('in a workspace without a published program is told that an admin has to publish one (RF-09)', async () => {
    const ours = await world.workspace('unpublished');
    await ours.run((tx) => tx('programs').update({ published_version: null }));
    expect(await ours.card('777')).toMatchObject({
      programs: [],
      enrollable: [],
      nextSteps: [{ code: 'nothing', text: 'No program is published yet: an admin has to publish one' }],
    });
  });
});

describe('somebody who refers', () => {
  test('without referrals has a link, a picture of it, and zeros (RF-09)', async () => {
    const { ours, adaId } = await world.withAda('newcomer');
    const code = 'ws_newcomer-ada-main';
    const card = await ours.card('501');
    expect(card.advocacies).toEqual([
      {
        advocateId: adaId,
        program: { id: ours.programId('main'), name: 'Customer referrals' },
        link: `${PUBLIC_URL}/r/${code}`,
        code,
        qrUrl: `${PUBLIC_URL}/r/${code}/qr.png`,
        pausedAt: null,
        visits: 0,
        referred: 0,
        qualified: 0,
        approved: 0,
        rewardStatus: 'none',
        pendingTotals: [],
        rewardTotals: [],
        trend: { last30Days: 0, previous30Days: 0, months: QUIET },
      },
    ]);
    expect(card).toMatchObject({ enrollable: [], referrals: NO_REFERRALS, rewards: { items: [], total: 0 } });
    expect(card.nextSteps).toEqual([{ code: 'share_link', text: 'Nobody was referred yet: send Ada the link' }]);
  });

  test('in several programs has each of them, the primary one first, and their referrals in one list (RF-09, RF-10)', async () => {
    const { ours } = await world.withAda('several');
    await ours.program('early', 'Partners', 400);
    await ours.program('late', 'Resellers', 10);
    const partner = await ours.advocate('ada', 'early', { created_at: daysAgo(1) });
    for (const name of ['dana', 'eve', 'finn']) await ours.friend(name);
    await ours.referral('a', { advocate: 'ada', friend: 'dana', at: daysAgo(3) });
    await ours.referral('b', { advocate: 'ada', friend: 'eve', program: 'early', at: daysAgo(2) });
    await ours.referral('c', { advocate: 'ada', friend: 'finn', at: daysAgo(1) });
    await ours.recount('adv_ws_several_ada_main', partner);
    const card = await ours.card('501');
    expect(card.programs.map(({ name }) => name)).toEqual(['Partners', 'Customer referrals', 'Resellers']);
    expect(card.advocacies.map(({ program, referred }) => [program.name, referred])).toEqual([
      ['Partners', 1],
      ['Customer referrals', 2],
    ]);
    expect(card.enrollable.map(({ name }) => name)).toEqual(['Resellers']);
    expect(card.referrals.items.map(({ id, programName }) => [id, programName])).toEqual([
      [ours.referralId('c'), 'Customer referrals'],
      [ours.referralId('b'), 'Partners'],
      [ours.referralId('a'), 'Customer referrals'],
    ]);
    expect(card.referrals).toMatchObject({ total: 3, nextCursor: null });
  });

  test('sees every status with its reason, the newest referral first, and the stored numbers (RF-10, G1)', async () => {
    const { ours, adaId } = await world.withAda('statuses');
    const reasons = {
      pending: 'Waiting for a deal to reach Closed won',
      qualified: 'Lifecycle stage is Customer, as of 20 Nov 2026',
      approved: 'Deal reached Closed won on 3 Nov 2026',
      denied: 'Was a contact before',
    } as const;
    for (const [index, status] of (['pending', 'qualified', 'approved', 'denied'] as const).entries()) {
      await ours.friend(status);
      const at = daysAgo(40 + index);
      await ours.referral(status, { advocate: 'ada', friend: status, status, reason: reasons[status], at });
    }
    await ours.recount(adaId);
    await ours.run((tx) =>
      tx('link_visits').insert([
        { workspace_id: 'ws_statuses', advocate_id: adaId, day: '2026-11-01', visits: 40 },
        { workspace_id: 'ws_statuses', advocate_id: adaId, day: '2026-11-02', visits: 2 },
      ]),
    );
    const card = await ours.card('501');
    expect(card.referrals.items.map(({ status, reason }) => [status, reason])).toEqual(Object.entries(reasons));
    expect(card.advocacies[0]).toMatchObject({ visits: 42, referred: 4, qualified: 2, approved: 1 });
    expect(card.advocacies[0]?.trend).toEqual({
      last30Days: 0,
      previous30Days: 4,
      months: [...QUIET.slice(0, 4), { month: '2026-10', referred: 4 }, { month: '2026-11', referred: 0 }],
    });
    expect(card.nextSteps).toEqual([
      { code: 'follow_up', text: 'Dana Friend is waiting for a deal to reach Closed won: follow up' },
    ]);
  });

  test('whose link rests, and whose friend is under review, is told so first (RL-02, RL-06)', async () => {
    const { ours, adaId } = await world.withAda('paused');
    await ours.run((tx) =>
      tx('advocates')
        .where({ id: adaId })
        .update({ paused_at: daysAgo(17) }),
    );
    await ours.friend('dana');
    await ours.friend('eve', 'Eve');
    await ours.referral('1', { advocate: 'ada', friend: 'dana' });
    await ours.referral('2', { advocate: 'ada', friend: 'eve', at: daysAgo(2) });
    const entry = { workspace_id: 'ws_paused', reason: 'x', trigger: '{}', updated_at: NOW };
    await ours.run((tx) =>
      tx('entries').insert([
        {
          ...entry,
          id: 'ent_open',
          reason_code: 'review_requested',
          state: 'review',
          referral_id: ours.referralId('1'),
          created_at: daysAgo(1),
        },
        {
          ...entry,
          id: 'ent_done',
          reason_code: 'review_requested',
          state: 'processed',
          referral_id: ours.referralId('2'),
          created_at: daysAgo(1),
        },
        {
          ...entry,
          id: 'ent_else',
          reason_code: 'several_referred_contacts',
          state: 'review',
          referral_id: ours.referralId('2'),
          created_at: daysAgo(1),
        },
      ]),
    );
    await ours.recount(adaId);
    const card = await ours.card('501');
    expect(card.advocacies[0]?.pausedAt).toBe(iso(daysAgo(17)));
    expect(card.referrals.items.map(({ reviewAskedAt }) => reviewAskedAt)).toEqual([iso(daysAgo(1)), null]);
    expect(card.nextSteps).toEqual([
      { code: 'link_rests', text: 'The link rests since 3 Nov 2026: put Ada back on the list it came from' },
      { code: 'review_open', text: 'Dana Friend waits for a review since 19 Nov 2026' },
      { code: 'follow_up', text: 'Eve Friend is waiting for a deal to reach Closed won: follow up' },
    ]);
  });

  test('sees nothing of a friend who was erased but that there was one; a merged referral is left out (RF-09, RF-10)', async () => {
    const { ours, adaId } = await world.withAda('erased');
    await ours.person('gone', { erased: true });
    await ours.contact('602', 'gone');
    await ours.friend('dana');
    await ours.friend('twin');
    await ours.referral('kept', { advocate: 'ada', friend: 'dana', at: daysAgo(2) });
    await ours.referral('twin', { advocate: 'ada', friend: 'twin', mergedInto: 'kept', status: 'denied' });
    await ours.referral('gone', { advocate: 'ada', friend: 'gone', status: 'denied', at: daysAgo(3) });
    await ours.recount(adaId);
    const card = await ours.card('501');
    expect(card.referrals.items.map(({ friend: { name } }) => name)).toEqual(['Dana Friend', 'Erased person']);
    expect(card.referrals.items[1]?.friend).toEqual({ name: 'Erased person', email: null, recordUrl: null });
    expect(card.referrals.total).toBe(2);
    expect(card.advocacies[0]?.trend.last30Days).toBe(2);
    expect(await ours.card('602')).toMatchObject({
      contact: { name: 'Erased person', email: null, recordUrl: null },
      enrollable: [],
      nextSteps: [{ code: 'nothing', text: 'This person was erased: there is nothing to do' }],
    });
  });

  test('has a friend’s newest contact that is still there as their page (RF-10)', async () => {
    const { ours, adaId } = await world.withAda('pages');
    await ours.friend('dana');
    await ours.contact('601', 'dana', { first_seen_at: daysAgo(30) });
    await ours.contact('602', 'dana', { first_seen_at: daysAgo(20) });
    await ours.contact('603', 'dana', { first_seen_at: daysAgo(10), deleted_at: daysAgo(1) });
    await ours.contact('604', 'dana', { first_seen_at: daysAgo(5), merged_into: '602' });
    await ours.referral('1', { advocate: 'ada', friend: 'dana' });
    await ours.recount(adaId);
    const urlOf = async (input = {}) => (await ours.card('501', input)).referrals.items[0]?.friend.recordUrl;
    expect(await urlOf()).toMatch(/^https:\/\/app-eu1\.hubspot\.com\/contacts\/\d+\/record\/0-1\/602$/);
    expect(await urlOf({ appUrl: 'http://localhost:4100' })).toMatch(
      /^http:\/\/localhost:4100\/contacts\/\d+\/record\/0-1\/602$/,
    );
  });

  test('who was merged into somebody else or closed has no link any more (RF-09)', async () => {
    const { ours, adaId } = await world.withAda('closed');
    await ours.run((tx) => tx('advocates').where({ id: adaId }).update({ closed_at: NOW }));
    expect(await ours.card('501')).toMatchObject({ advocacies: [], referrals: NO_REFERRALS });
  });
});

describe('the account', () => {
  const mark = (dueAt: Date, more: object = {}) => ({
    workspace_id: 'ws_account',
    connection_id: 'con_account',
    object_type: 'contact',
    due_at: dueAt,
    ...more,
  });
  const lateHint = { record_id: '1', last_kind: 'changed', last_occurred_at: NOW };
  const lateWrite = { record_id: '1', desired: '{}' };
  const minutesAgo = (minutes: number): Date => new Date(NOW.getTime() - minutes * 60_000);

  test('is behind when a change or a write of its own waits longer than two minutes (RL-06)', async () => {
    const ours = await world.workspace('account');
    const other = await world.workspace('other_account');
    const behind = async () => (await ours.card('777')).account.behind;
    const keep = (table: string, row: object) =>
      ours.run(async (tx) => {
        await tx(table).where({ connection_id: ours.connectionId }).delete();
        await tx(table).insert(row);
      });
    expect(await behind()).toBe(false);
    await keep('dirty_records', { ...mark(minutesAgo(3)), ...lateHint });
    expect(await behind()).toBe(true);
    expect((await other.card('777')).account.behind).toBe(false);
    await keep('dirty_records', { ...mark(minutesAgo(3)), ...lateHint, dead_at: NOW });
    expect(await behind()).toBe(false);
    await keep('dirty_records', { ...mark(minutesAgo(1)), ...lateHint });
    expect(await behind()).toBe(false);
    await keep('write_backs', { ...mark(minutesAgo(3)), ...lateWrite });
    expect(await behind()).toBe(true);
    await keep('write_backs', { ...mark(minutesAgo(3)), ...lateWrite, due_at: null });
    expect(await behind()).toBe(false);
  });

  test('that lost its rights is said first, and the numbers stay (RL-06)', async () => {
    const { ours } = await world.withAda('broken');
    await ours.run((tx) => tx('connections').update({ status: 'needs_reauthorization' }));
    const card = await ours.card('501');
    expect(card.account.status).toBe('needs_reauthorization');
    expect(card.advocacies).toHaveLength(1);
    expect(card.nextSteps[0]?.code).toBe('reconnect');
  });
});

test('nothing of another workspace is seen, not even by the same record id (RF-09)', async () => {
  const { ours, adaId } = await world.withAda('mine');
  const { ours: theirs } = await world.withAda('theirs');
  await ours.friend('dana');
  await ours.referral('1', { advocate: 'ada', friend: 'dana' });
  await ours.recount(adaId);
  expect((await theirs.card('501')).referrals).toEqual(NO_REFERRALS);
  const stolen = await theirs.card('501', { connectionId: ours.connectionId }).catch((error: unknown) => error);
  expect(stolen).toBeInstanceOf(Error);
  await ours.contact('888', 'ada');
  expect(await theirs.card('888')).toMatchObject({ advocacies: [], referrals: NO_REFERRALS });
});
