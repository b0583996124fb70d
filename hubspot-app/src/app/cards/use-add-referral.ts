import { useState } from 'react';
import type { AddedReferral } from '@passalong/shared/card-view';
import type { RecordId } from './api.ts';
import { useCardHost } from './card-host.tsx';
import type { Failure } from './read-answer.ts';
import { useSubmit } from './use-submit.ts';

export const REFERRAL_FIELDS = ['email', 'firstName', 'lastName', 'phone', 'note', 'programId'] as const;
export type ReferralField = (typeof REFERRAL_FIELDS)[number];
export type TypedReferral = Readonly<Record<ReferralField, string>>;

const NO_EMAIL: Failure = {
  outcome: 'invalid',
  message: 'The e-mail address is missing.',
  remedy: 'Enter the address of the person who was referred.',
  requestId: null,
  fields: [{ field: 'email', message: 'Enter an e-mail address.' }],
};

const orNull = (value: string) => value.trim() || null;
const blank = (programId: string): TypedReferral => ({
  email: '',
  firstName: '',
  lastName: '',
  phone: '',
  note: '',
  programId,
});

export type AddReferralInput = {
  readonly contactId: RecordId;
  readonly programId: string;
  readonly onAdded: (added: AddedReferral, typed: TypedReferral) => void;
};

/** The form's content outlives a failed submission and a closed panel; only success empties it. */
export function useAddReferral({ contactId, programId, onAdded }: AddReferralInput) {
  const { service } = useCardHost();
  const [edited, setEdited] = useState<Partial<TypedReferral>>({});
  const typed: TypedReferral = { ...blank(programId), ...edited };
  const { busy, failure, submit, fail } = useSubmit<AddedReferral>();
  const send = async (latest: TypedReferral) => {
    setEdited(latest);
    const email = latest.email.trim();
    if (email === '') return fail(NO_EMAIL);
    const body = {
      programId: latest.programId,
      email,
      firstName: orNull(latest.firstName),
      lastName: orNull(latest.lastName),
      phone: orNull(latest.phone),
      note: orNull(latest.note),
    };
    const added = await submit({
      content: JSON.stringify(body),
      send: (requestKey) => service.addReferral(contactId, { requestKey, ...body }),
    });
    if (!added) return;
    setEdited({});
    onAdded(added, latest);
  };
  const edit = (field: ReferralField, value: string) => setEdited((before) => ({ ...before, [field]: value }));
  return { typed, edit, send, busy, failure };
}
