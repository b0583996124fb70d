import type { WriteRefusal } from '../../crm/port.ts';
import { programsOfAdvocates, referralFactsOfFriends } from '../../capture/capture-store.ts';
import { programsOfCrm } from '../../qualification/definition-of-crm.ts';
import { publishedPrograms, type PublishedProgram } from '../../qualification/published-programs.ts';
import { claimWritesUntil, type ConnectionWork } from '../connection-work.ts';
import { claimCaptures, type PersonToCapture } from '../outbox-store.ts';
import type { CaptureOutcome } from './capture-outcome.ts';
import { findObjections } from './check-integrity.ts';
import { createPeople, creationOf } from './create-people.ts';
import { letGoOfHeld } from './let-go-of-held.ts';
import { lacksFixedOwner, ownersFor } from './owners.ts';
import { planPeople, type PlannedPerson } from './plan-people.ts';
import { readExisting } from './read-existing.ts';
import { resolveDuplicates } from './resolve-duplicates.ts';
import { recordCaptures } from './record-captures.ts';
import { takeInHalves, type Steps } from './take-in-halves.ts';
import { updatePeople } from './update-people.ts';
import type { WrittenWithout } from '../write-without-missing.ts';

/**
 * Friends and advocates who must exist as contacts: found, or created with everything the program says in one call, so
 * that the account's own automations see it (RF-50). Claim, call, record.
 * @returns how many items were taken up.
 */
export async function capturePeople(work: ConnectionWork): Promise<number> {
  const { workspaceId, connectionId } = work.connection;
  const nowMs = work.clock.now();
  const people = await work.database.inWorkspace(workspaceId, (tx) =>
    claimCaptures(tx, {
      connectionId,
      limit: work.port.batchSize,
      now: new Date(nowMs),
      claimedUntil: claimWritesUntil(nowMs, work.port),
    }),
  );
  if (people.length > 0) await takeInHalves(work, people, STEPS);
  else await letGoOfHeld(work);
  return people.length;
}

const STEPS: Steps<PersonToCapture> = {
  what: 'capture',
  async take(work, people) {
    const { planned, programs, owners } = await plan(work, people);
    await recordCaptures(work, { people, planned, outcomes: await carryOut(work, planned, { programs, owners }) });
  },
};

async function plan(work: ConnectionWork, people: readonly PersonToCapture[]) {
  const { workspaceId } = work.connection;
  const personIds = [...new Set(people.flatMap(({ personId }) => personId ?? []))];
  const { programs, factsOf, advocateOf } = await work.database.inWorkspace(workspaceId, async (tx) => {
    const published = programsOfCrm(await publishedPrograms(tx, workspaceId), work.port.crm);
    const facts = { programs: published, publicUrl: work.publicUrl };
    return {
      programs: published,
      factsOf: await referralFactsOfFriends(tx, { ...facts, personIds }),
      advocateOf: await programsOfAdvocates(tx, personIds),
    };
  });
  const existing = await readExisting(work, { people, programs, factsOf });
  const findings = await findObjections(work, { people, existing, factsOf });
  const newcomers = personIds.filter((personId) => !existing.contacts.has(personId));
  const owners = await ownersFor(
    work,
    newcomers.flatMap((personId) => factsOf.get(personId) ?? []),
  );
  const planned = planPeople(work, { people, existing, programs, factsOf, advocateOf, owners, findings });
  return { programs, owners, planned };
}

type CarryOutInput = {
  readonly programs: readonly PublishedProgram[];
  readonly owners: ReadonlyMap<string, string>;
};

/** By outbox id. */
async function carryOut(
  work: ConnectionWork,
  planned: readonly PlannedPerson[],
  { programs, owners }: CarryOutInput,
): Promise<Map<string, CaptureOutcome>> {
  const created = await resolveDuplicates(work, planned, await createPeople(work, { planned, programs }));
  const updated = await updatePeople(work, planned);
  const outcomeOf = ({ person, facts, plan: planOfPerson }: PlannedPerson): CaptureOutcome => {
    if (planOfPerson.do === 'nothing') return NOBODY;
    if (creationOf(planOfPerson) !== null) {
      const { outcome, left } = created.get(person.personId) ?? SILENT;
      const ownerless = facts !== null && lacksFixedOwner(facts, owners) ? [work.port.contactFields.owner] : [];
      return toOutcome({ outcome, left: [...left, ...ownerless] }, null);
    }
    if (planOfPerson.do === 'create' || planOfPerson.recordId === null) return NOBODY;
    const { recordId } = planOfPerson;
    if (planOfPerson.do === 'taken') return { recordId: null, refusal: takenBy(recordId), left: [] };
    const changed = updated.get(recordId);
    return changed ? toOutcome(changed, recordId) : { recordId, refusal: null, left: [] };
  };
  return new Map(planned.map((item) => [item.person.outboxId, outcomeOf(item)]));
}

const NOBODY: CaptureOutcome = { recordId: null, refusal: null, left: [] };

const SILENT: WrittenWithout = {
  outcome: {
    key: '',
    ok: false,
    refusal: { code: 'record_rejected', message: 'The CRM did not answer for this person.', fields: [] },
  },
  left: [],
};

function takenBy(recordId: string): WriteRefusal {
  const message = `Their address is on contact ${recordId}, which stands for somebody else. Give one of the two another address, or merge the contacts, then retry.`;
  return { code: 'record_rejected', message, fields: ['email'] };
}

/** A refused change leaves the contact linked: it is theirs all the same. */
function toOutcome({ outcome, left }: WrittenWithout, linked: string | null): CaptureOutcome {
  if (outcome.ok) return { recordId: outcome.recordId, refusal: null, left };
  return { recordId: linked, refusal: outcome.refusal, left };
}
