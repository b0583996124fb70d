import {
  Button,
  Flex,
  Form,
  Input,
  LoadingButton,
  Panel,
  PanelBody,
  PanelSection,
  TextArea,
} from '@hubspot/ui-extensions';
import type { CardProgram } from '@passalong/shared/card-view';
import type { RecordId } from '../api.ts';
import { useCardHost } from '../card-host.tsx';
import { REFERRAL_FIELDS, useAddReferral } from '../use-add-referral.ts';
import type { AddReferralInput, ReferralField, TypedReferral } from '../use-add-referral.ts';
import { CloseButton } from './FailureState.tsx';
import { FormFailure, problemOf } from './FormFailure.tsx';
import { ProgramSelect } from './ProgramSelect.tsx';

const PANEL = 'passalong-add-referral';
const NOTE_LENGTH = 500;

const INPUTS = [
  { name: 'email', label: 'E-mail address', required: true },
  { name: 'firstName', label: 'First name', required: false },
  { name: 'lastName', label: 'Last name', required: false },
  { name: 'phone', label: 'Phone', required: false },
] as const satisfies readonly { name: ReferralField; label: string; required: boolean }[];

export type AddReferralProps = {
  readonly contactId: RecordId;
  readonly contactName: string;
  readonly programs: readonly CardProgram[];
  readonly programId: string;
  readonly onAdded: () => void;
};

export function AddReferral(props: AddReferralProps) {
  return (
    <Button variant="primary" overlay={<AddReferralPanel {...props} />}>
      Add referral
    </Button>
  );
}

function AddReferralPanel({ contactName, ...props }: AddReferralProps) {
  const { actions } = useCardHost();
  const close = () => actions.closeOverlay(PANEL);
  const onAdded: AddReferralInput['onAdded'] = ({ result }, { email }) => {
    actions.addAlert(
      result === 'added'
        ? { type: 'success', title: 'Referral added', message: `${contactName} referred ${email.trim()}.` }
        : {
            type: 'info',
            title: 'Already referred',
            message: `${email.trim()} was referred before. Nothing was added.`,
          },
    );
    close();
    props.onAdded();
  };
  return (
    <Panel id={PANEL} title="Add referral" width="sm">
      <PanelBody>
        <PanelSection>
          <ReferralForm {...props} onAdded={onAdded} onClose={close} />
        </PanelSection>
      </PanelBody>
    </Panel>
  );
}

type ReferralFormProps = AddReferralInput & {
  readonly programs: readonly CardProgram[];
  readonly onClose: () => void;
};

function ReferralForm({ programs, onClose, ...input }: ReferralFormProps) {
  const { typed, edit, send, busy, failure } = useAddReferral(input);
  return (
    <Form autoComplete="off" onSubmit={({ targetValue }) => void send(withTarget(typed, targetValue))}>
      <Flex direction="column" gap="sm">
        <FormFailure failure={failure} shown={shownFields(programs)} />
        <ProgramSelect
          programs={programs}
          value={typed.programId}
          onChange={(value) => edit('programId', value)}
          {...problemOf(failure, 'programId')}
        />
        {INPUTS.map(({ name, ...props }) => (
          <Input
            key={name}
            name={name}
            {...props}
            value={typed[name]}
            onChange={(value) => edit(name, value)}
            {...problemOf(failure, name)}
          />
        ))}
        <TextArea
          name="note"
          label="Note"
          description="What was said, for whoever looks at this later."
          maxLength={NOTE_LENGTH}
          rows={3}
          value={typed.note}
          onChange={(value) => edit('note', value)}
          {...problemOf(failure, 'note')}
        />
        <Flex direction="row" gap="sm">
          <LoadingButton type="submit" variant="primary" loading={busy}>
            Add referral
          </LoadingButton>
          <CloseButton onClose={onClose} />
        </Flex>
      </Flex>
    </Form>
  );
}

/** The select is not there with one program, so its problem has to be said above the form. */
function shownFields(programs: readonly CardProgram[]): readonly string[] {
  return REFERRAL_FIELDS.filter((field) => field !== 'programId' || programs.length > 1);
}

/** The form's own values are the newest: an input reports its value only when it is left. */
function withTarget(typed: TypedReferral, target: Readonly<Record<string, unknown>> | undefined): TypedReferral {
  const known = REFERRAL_FIELDS.flatMap((field) => {
    const value = target?.[field];
    return typeof value === 'string' ? [[field, value] as const] : [];
  });
  return { ...typed, ...Object.fromEntries(known) };
}
