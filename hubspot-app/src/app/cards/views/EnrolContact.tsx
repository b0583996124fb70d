import { useState } from 'react';
import { Button, EmptyState, Flex, LoadingButton, Modal, ModalBody, Text } from '@hubspot/ui-extensions';
import type { CardProgram, EnrolledContact } from '@passalong/shared/card-view';
import type { RecordId } from '../api.ts';
import { useCardHost } from '../card-host.tsx';
import { useSubmit } from '../use-submit.ts';
import { FormFailure } from './FormFailure.tsx';
import { ProgramSelect } from './ProgramSelect.tsx';

const MODAL = 'passalong-enrol';

export type EnrolContactProps = {
  readonly contactId: RecordId;
  readonly contactName: string;
  readonly programs: readonly CardProgram[];
  readonly onEnrolled: () => void;
};

export function NotEnrolled(props: EnrolContactProps) {
  return (
    <EmptyState title="Not in the referral program yet" layout="vertical" imageName="contacts">
      <Flex direction="column" gap="sm" align="center">
        <Text>
          {props.programs.length === 0
            ? 'No published program takes this contact. Ask an admin to publish one or to open it again.'
            : 'Enrol this contact to give them a referral link of their own. Nobody is notified.'}
        </Text>
        <EnrolForm {...props} label="Enrol this contact" />
      </Flex>
    </EmptyState>
  );
}

export function EnrolInAnother(props: EnrolContactProps) {
  const { actions } = useCardHost();
  if (props.programs.length === 0) return null;
  const onEnrolled = () => {
    actions.closeOverlay(MODAL);
    props.onEnrolled();
  };
  return (
    <Button
      variant="secondary"
      overlay={
        <Modal id={MODAL} title="Enrol in another program" width="sm">
          <ModalBody>
            <Flex direction="column" gap="sm">
              <Text>{props.programs.length === 1 ? `Program: ${props.programs[0]?.name}` : 'Choose the program.'}</Text>
              <EnrolForm {...props} onEnrolled={onEnrolled} label="Enrol" />
            </Flex>
          </ModalBody>
        </Modal>
      }
    >
      Enrol in another program
    </Button>
  );
}

function EnrolForm({
  contactId,
  contactName,
  programs,
  onEnrolled,
  label,
}: EnrolContactProps & { readonly label: string }) {
  const { service, actions } = useCardHost();
  const [chosen, setChosen] = useState<string | null>(null);
  const { busy, failure, submit } = useSubmit<EnrolledContact>();
  const programId = programs.find(({ id }) => id === chosen)?.id ?? programs[0]?.id;
  if (programId === undefined) return null;
  const enrol = async () => {
    const enrolled = await submit({
      content: programId,
      send: (requestKey) => service.enrol(contactId, { requestKey, programId }),
    });
    if (!enrolled) return;
    actions.addAlert(
      enrolled.result === 'enrolled'
        ? { type: 'success', title: 'Enrolled', message: `${contactName} has a referral link now.` }
        : { type: 'info', title: 'Already enrolled', message: `${contactName} had a referral link already.` },
    );
    onEnrolled();
  };
  return (
    <>
      <FormFailure failure={failure} shown={[]} />
      <ProgramSelect programs={programs} value={programId} onChange={setChosen} />
      <LoadingButton variant="primary" loading={busy} onClick={() => void enrol()}>
        {label}
      </LoadingButton>
    </>
  );
}
