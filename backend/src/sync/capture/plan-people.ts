import type { FieldValues } from '../../crm/port.ts';
import type { ReferralFacts } from '../../capture/capture-subject.ts';
import { planAdvocate } from '../../capture/plan-advocate.ts';
import type { IntegrityFinding } from '../../capture/integrity.ts';
import { objectionTo, type ObjectionInput } from '../../capture/objection.ts';
import { planContact, type ContactPlan } from '../../capture/plan-contact.ts';
import type { PublishedProgram } from '../../qualification/published-programs.ts';
import type { ConnectionWork } from '../connection-work.ts';
import type { PersonToCapture } from '../outbox-store.ts';
import type { Existing } from './read-existing.ts';

export type PlannedPerson = {
  readonly person: PersonToCapture & { readonly personId: string };
  /** The referral this is about; null for advocates. */
  readonly facts: ReferralFacts | null;
  readonly plan: ContactPlan | TakenPlan;
};

/** The contact with this address stands for somebody else, and the CRM has no place for a second one. */
export type TakenPlan = { readonly do: 'taken'; readonly recordId: string };

export type PlanPeopleInput = {
  readonly people: readonly PersonToCapture[];
  readonly existing: Existing;
  readonly programs: readonly PublishedProgram[];
  /** Live referrals of these people as friends, the primary program's first. */
  readonly factsOf: ReadonlyMap<string, readonly ReferralFacts[]>;
  readonly advocateOf: ReadonlyMap<string, readonly string[]>;
  readonly owners: ReadonlyMap<string, string>;
  /** What the checks of integrity found, by referral id. */
  readonly findings: ReadonlyMap<string, readonly IntegrityFinding[]>;
};

/**
 * One plan per item; items whose person or referral is not live any more have none. The primary program's referrals come
 * first, then those of the others, then advocates: of two plans for one contact the first has the word.
 */
export function planPeople(work: ConnectionWork, input: PlanPeopleInput): PlannedPerson[] {
  const planned = input.people.flatMap((person): PlannedPerson[] => {
    const { personId } = person;
    if (personId === null) return [];
    const own = input.factsOf.get(personId) ?? [];
    const facts =
      person.kind === 'capture_friend' ? own.find(({ referralId }) => referralId === person.referralId) : own[0];
    if (person.kind === 'capture_friend' && !facts) return [];
    return [{ person: { ...person, personId }, facts: facts ?? null, plan: planOf(work, { input, person, facts }) }];
  });
  const rank = ({ person, facts }: PlannedPerson): number =>
    person.kind === 'capture_friend' ? input.programs.findIndex(({ id }) => id === facts?.program.id) : Infinity;
  return planned.sort((a, b) => rank(a) - rank(b) || (a.person.outboxId < b.person.outboxId ? -1 : 1));
}

type Planning = {
  readonly input: PlanPeopleInput;
  readonly person: PersonToCapture;
  readonly facts: ReferralFacts | undefined;
};

function planOf(work: ConnectionWork, { input, person, facts }: Planning): PlannedPerson['plan'] {
  const taken = input.existing.ofOthers.get(person.personId ?? '');
  if (taken) return planTaken(work, { input, person, facts }, taken.record.id);
  const existing = input.existing.contacts.get(person.personId ?? '') ?? null;
  // An advocate's own contact is asked for without a policy: it is there, so it is theirs, as it is.
  if (person.kind === 'ensure_contact' && existing) return { do: 'link', recordId: existing.id, changes: {} };
  const plan: ContactPlan = facts
    ? planContact({
        ...objectionInput(work, input, facts),
        existing,
        untagged: input.existing.untagged.get(person.personId ?? '') ?? null,
        ownerField: work.port.contactFields.owner,
        ownerId: input.owners.get(facts.referralId) ?? null,
        accepted: person.accepted,
        takesSecond: !work.port.onePersonPerEmail,
      })
    : { do: 'nothing' };
  return existing ? plan : withAdvocate(plan, input, person);
}

function objectionInput(work: ConnectionWork, input: PlanPeopleInput, facts: ReferralFacts): ObjectionInput {
  return {
    facts,
    existing: null,
    untagged: null,
    findings: input.findings.get(facts.referralId) ?? [],
    referralIdField: work.port.contactFields.referralId,
    clockOffsetMs: work.port.clockOffsetMs(work.connection),
  };
}

/** It may be the advocate's own contact, and then it is not for the CRM to refuse them (E18). */
function planTaken(work: ConnectionWork, { input, person, facts }: Planning, recordId: string): PlannedPerson['plan'] {
  const asked = facts !== undefined && facts.status === 'pending' && facts.heldFor !== null && !person.accepted;
  const objection = asked ? objectionTo(objectionInput(work, input, facts)) : null;
  if (objection === null) return { do: 'taken', recordId };
  if (objection.policy === 'deny') return { do: 'deny', recordId: null, objection };
  return { do: 'review', recordId: null, values: null, objection };
}

/** Somebody who refers others becomes a contact, too, where a program of theirs says so (RF-38). */
function withAdvocate(plan: ContactPlan, input: PlanPeopleInput, person: PersonToCapture): ContactPlan {
  if (person.email === null || (plan.do !== 'nothing' && plan.do !== 'create')) return plan;
  const programIds = input.advocateOf.get(person.personId ?? '') ?? [];
  const programs = input.programs.filter(({ id }) => programIds.includes(id));
  const values: FieldValues | null = planAdvocate(programs, person);
  if (values === null) return plan;
  return { do: 'create', values: { ...values, ...(plan.do === 'create' ? plan.values : {}) } };
}
