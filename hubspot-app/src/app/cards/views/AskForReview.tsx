import { useState } from 'react';
import { Button, Flex, Form, LoadingButton, Modal, ModalBody, Text, TextArea } from '@hubspot/ui-extensions';
import type { AskedReview, ReferralLine } from '@passalong/shared/card-view';
import type { RecordId } from '../api.ts';
import { useCardHost } from '../card-host.tsx';
import { useSubmit } from '../use-submit.ts';
import { CloseButton } from './FailureState.tsx';
import { FormFailure, problemOf } from './FormFailure.tsx';

const NOTE_LENGTH = 500;

export type AskForReviewProps = {
  readonly contactId: RecordId;
  readonly line: ReferralLine;
  readonly onAsked: () => void;
};

/** One button before and after, so that the focus, which comes back to it from the modal, is not lost. */
export function AskForReview(props: AskForReviewProps) {
  const { formats } = useCardHost();
  const { reviewAskedAt } = props.line;
  return (
    <Button
      size="xs"
      variant={reviewAskedAt === null ? 'secondary' : 'transparent'}
      overlay={<ReviewModal {...props} />}
    >
      {reviewAskedAt === null ? 'Ask for review' : `Review asked on ${formats.day(reviewAskedAt)}`}
    </Button>
  );
}

function ReviewModal(props: AskForReviewProps) {
  const { actions } = useCardHost();
  const { id, friend, reviewAskedAt } = props.line;
  const modalId = `passalong-review-${id}`;
  const close = () => actions.closeOverlay(modalId);
  const what = `Whoever runs the program looks at the referral of ${friend.name}. Its status stays until they decide.`;
  return (
    <Modal id={modalId} title={reviewAskedAt === null ? 'Ask for review' : 'Review asked'} width="sm">
      <ModalBody>
        <Flex direction="column" gap="sm" align={reviewAskedAt === null ? 'stretch' : 'start'}>
          <Text>{what}</Text>
          {reviewAskedAt === null ? (
            <ReviewForm {...props} onClose={close} />
          ) : (
            <Button variant="secondary" onClick={close}>
              Close
            </Button>
          )}
        </Flex>
      </ModalBody>
    </Modal>
  );
}

function ReviewForm({ contactId, line, onAsked, onClose }: AskForReviewProps & { readonly onClose: () => void }) {
  const { actions, service, formats } = useCardHost();
  const [note, setNote] = useState('');
  const { busy, failure, submit } = useSubmit<AskedReview>();
  const ask = async (latest: string) => {
    setNote(latest);
    const trimmed = latest.trim() || null;
    const asked = await submit({
      content: trimmed ?? '',
      send: (requestKey) => service.askReview(contactId, { referralId: line.id, requestKey, note: trimmed }),
    });
    if (!asked) return;
    actions.addAlert(
      asked.result === 'asked'
        ? {
            type: 'success',
            title: 'Review asked',
            message: `Somebody will look at the referral of ${line.friend.name}.`,
          }
        : { type: 'info', title: 'Asked already', message: `A review was asked on ${formats.day(asked.askedAt)}.` },
    );
    onClose();
    onAsked();
  };
  return (
    <Form onSubmit={({ targetValue }) => void ask(String(targetValue?.note ?? note))}>
      <Flex direction="column" gap="sm">
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
          <CloseButton onClose={onClose} />
        </Flex>
      </Flex>
    </Form>
  );
}
