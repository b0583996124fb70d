import { useState } from 'react';
import { Button, Flex, Form, LoadingButton, Modal, ModalBody, Text, TextArea } from '@hubspot/ui-extensions';
import type { AskedReview, ReferralLine } from '@passalong/shared/card-view';
import type { RecordId } from '../api.ts';
import { useCardHost } from '../card-host.tsx';
import { useRequestKeys } from '../request-key.ts';
import { useSubmit } from '../use-submit.ts';
import { CloseButton } from './FailureState.tsx';
import { FormFailure, problemOf } from './FormFailure.tsx';

const NOTE_LENGTH = 500;

export type AskForReviewProps = {
  readonly contactId: RecordId;
  readonly line: ReferralLine;
  readonly onAsked: () => void;
};

export function AskForReview(props: AskForReviewProps) {
  const { formats } = useCardHost();
  const { reviewAskedAt } = props.line;
  if (reviewAskedAt !== null) return <Text variant="microcopy">{`Review asked on ${formats.day(reviewAskedAt)}`}</Text>;
  return (
    <Button size="xs" variant="secondary" overlay={<ReviewModal {...props} />}>
      Ask for review
    </Button>
  );
}

function ReviewModal({ contactId, line, onAsked }: AskForReviewProps) {
  const { actions, service, formats } = useCardHost();
  const [note, setNote] = useState('');
  const keys = useRequestKeys();
  const { busy, failure, submit } = useSubmit<AskedReview>();
  const id = `passalong-review-${line.id}`;
  const close = () => actions.closeOverlay(id);
  const ask = async (latest: string) => {
    setNote(latest);
    const trimmed = latest.trim() || null;
    const requestKey = keys.keyFor(trimmed ?? '');
    const asked = await submit(() => service.askReview(contactId, { referralId: line.id, requestKey, note: trimmed }));
    if (!asked) return;
    keys.renew();
    actions.addAlert(
      asked.result === 'asked'
        ? {
            type: 'success',
            title: 'Review asked',
            message: `Somebody will look at the referral of ${line.friend.name}.`,
          }
        : { type: 'info', title: 'Asked already', message: `A review was asked on ${formats.day(asked.askedAt)}.` },
    );
    close();
    onAsked();
  };
  return (
    <Modal id={id} title="Ask for review" width="sm">
      <ModalBody>
        <Form onSubmit={({ targetValue }) => void ask(String(targetValue?.note ?? note))}>
          <Flex direction="column" gap="sm">
            <Text>{`Whoever runs the program looks at the referral of ${line.friend.name}. Its status stays until they decide.`}</Text>
            <FormFailure failure={failure} shown={['note']} />
            <TextArea
              name="note"
              label="What should they know?"
              maxLength={NOTE_LENGTH}
              rows={3}
              value={note}
              onChange={setNote}
              {...problemOf(failure, 'note')}
            />
            <Flex direction="row" gap="sm">
              <LoadingButton type="submit" variant="primary" loading={busy}>
                Ask for review
              </LoadingButton>
              <CloseButton onClose={close} />
            </Flex>
          </Flex>
        </Form>
      </ModalBody>
    </Modal>
  );
}
