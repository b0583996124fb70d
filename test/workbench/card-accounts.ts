import type { CardBench } from './card-bench.ts';
import { person, program, SampleAccount } from './card-sample.ts';
import type { Person } from './card-sample.ts';

const LONG = 'Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-'.repeat(4);
const FRIENDS = ['Dana Whitlock', 'Marek Novak', 'Ines Prado', 'Tobias Lindgren', 'Aiko Tanaka', 'Sven Holm'];
const MORE = ['Lea Brandt', 'Omar Haddad', 'Ruth Adler', 'Paul Meyer', 'Nina Costa', 'Ivo Petrov'];

/** One account with a program most companies would have, and people in every situation a card can show. */
export async function busyAccount(bench: CardBench) {
  const account = new SampleAccount(bench, await bench.account({ portalId: 101, name: 'Northwind Works' }));
  const programId = await account.publish(program('Customer referrals'));
  const clara = await account.advocate(programId, person('Clara Whitfield', 'copperandoak.example.com'));
  const jonas = await account.advocate(programId, person('Jonas Ek', 'ekdesign.example.com'));
  const priya = await account.advocate(programId, person('Priya Raman', 'ramanlabs.example.com'));
  const long = await account.advocate(programId, longName('advocate'));
  const plain = account.contact(person('Hugo Bauer', 'bauer.example.com'));
  await account.settle();

  const won = await account.refer(clara, person('Dana Whitlock', 'whitlock.example.com'));
  const wonDeal = await account.sell([won], { stage: 'closedwon', amount: '5200' });
  account.daysLater(4);
  await account.approveReward();
  const second = await account.refer(clara, person('Marek Novak', 'novakfoods.example.com'));
  account.daysLater(3);
  const pendingDeal = await account.sell([second], { stage: 'closedwon', amount: '3100' });
  const third = await account.refer(clara, person('Ines Prado', 'pradostudio.example.com'));
  account.daysLater(2);
  const openDeal = await account.sell([third], { stage: 'appointmentscheduled', amount: '2400' });
  const fourth = await account.refer(clara, person('Tobias Lindgren', 'lindgren.example.com'));
  const soonDeal = await account.sell([fourth], { stage: 'qualifiedtobuy', amount: '4800' });
  account.portal.moveDeal(soonDeal, 'presentationscheduled');
  account.daysLater(2);
  for (const name of [...FRIENDS, ...MORE]) await account.refer(priya, person(name, 'priyasfriends.example.com'));
  await account.refer(long, longName('friend'));
  const rightToLeft = await account.refer(long, {
    firstName: 'נועה',
    lastName: 'אברהמי-כהן מהמשרד בתל אביב',
    email: 'noa@avrahami.example.com',
  });
  const noAmount = await account.sell([rightToLeft], {});
  const shared = await account.sell([third, second], { stage: 'qualifiedtobuy', amount: '900' });
  const unreferred = await account.sell([plain], { stage: 'qualifiedtobuy', amount: '1200' });

  const { portal } = account;
  const company = portal.createCompany({ name: 'Copper & Oak', domain: 'copperandoak.example.com', city: 'Leeds' });
  const emptyCompany = portal.createCompany({ name: 'Bauer Handel', domain: 'bauer.example.com', city: 'Bremen' });
  const manyCompany = portal.createCompany({ name: 'Raman Labs', domain: 'ramanlabs.example.com', city: 'Pune' });
  portal.associate(['contacts', clara.contactId], ['companies', company]);
  portal.associate(['contacts', third], ['companies', company]);
  portal.associate(['contacts', priya.contactId], ['companies', manyCompany]);
  const ticket = (subject: string, contacts: string[]) =>
    portal.createTicket({ subject, hs_pipeline_stage: '1', hs_ticket_priority: 'LOW' }, contacts);
  const tickets = {
    none: ticket('The invoice shows the wrong address', []),
    one: ticket('Where do I find my referral link?', [clara.contactId]),
    several: ticket('Two of us cannot sign in', [clara.contactId, plain]),
  };
  await account.settle();
  return {
    account,
    contacts: { clara, jonas, priya, long, plain, friend: third, soon: fourth, rightToLeft },
    deals: { won: wonDeal, pending: pendingDeal, open: openDeal, soon: soonDeal, noAmount, shared, unreferred },
    companies: { busy: company, empty: emptyCompany, many: manyCompany },
    tickets,
  };
}

function longName(role: string): Person {
  return { firstName: LONG.slice(0, 110), lastName: LONG.slice(0, 90), email: `very.long.${role}@example.com` };
}

/** Two programs with rewards in two currencies, a third one to join, and a link that rests. */
export async function severalProgramsAccount(bench: CardBench) {
  const account = new SampleAccount(bench, await bench.account({ portalId: 202, name: 'Several programs' }));
  const first = await account.publish(program('Customer referrals'));
  const second = await account.publish({
    ...program('Partner introductions', { kind: 'fixed', amount: '250.00', currency: 'EUR' }),
    enrolment: { onLeave: 'pause' },
  });
  await account.publish(program('Employee referrals'));
  const mira = person('Mira Okafor', 'okaforgroup.example.com');
  const inFirst = await account.advocate(first, mira);
  const inSecond = await account.advocate(second, mira);
  await account.settle();
  const friend = await account.refer(inFirst, person('Lars Vinter', 'vinter.example.com'));
  await account.sell([friend], { stage: 'closedwon', amount: '7400' });
  const abroad = await account.refer(inFirst, person('Wanda Cole', 'colebros.example.com'));
  await account.sell([abroad], { stage: 'closedwon', amount: '5300', currency: 'USD' });
  const other = await account.refer(inSecond, person('Yara Haddad', 'haddad.example.com'));
  await account.sell([other], { stage: 'closedwon', amount: '900' });

  const { portal } = account;
  const guest = portal.createContact({
    firstname: 'Theo',
    lastname: 'Marsh',
    email: 'theo@marsh.example.com',
    jobtitle: 'Ambassador',
  });
  const listId = portal.createList({
    name: 'Ambassadors',
    filters: [{ propertyName: 'jobtitle', operator: 'EQ', value: 'Ambassador' }],
  });
  await account.post(`/programs/${second}/enrolments`, { source: 'list', listId, ongoing: true });
  await bench.stage.settle(60_000);
  portal.setProperties('contacts', guest, { jobtitle: 'Retired' });
  await bench.stage.pass(16 * 60_000);
  return { account, mira: inFirst.contactId, resting: guest };
}

/** Connected, and nobody has published a program. */
export async function emptyAccount(bench: CardBench): Promise<SampleAccount> {
  const account = new SampleAccount(bench, await bench.account({ portalId: 303, name: 'Just connected' }));
  const contact = account.contact(person('Olga Unger', 'unger.example.com'));
  const { portal } = account;
  portal.createDeal({ dealname: 'Unger - First order', dealstage: 'qualifiedtobuy', amount: '800' }, [contact]);
  portal.createCompany({ name: 'Unger GmbH', domain: 'unger.example.com' });
  await account.settle();
  return account;
}
