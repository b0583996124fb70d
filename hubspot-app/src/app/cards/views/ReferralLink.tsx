import { Alert, Button, Flex, Image, Link, Modal, ModalBody, ModalFooter, Text } from '@hubspot/ui-extensions';
import type { AdvocateView } from '@passalong/shared/card-view';
import { useCardHost } from '../card-host.tsx';
import { countOf } from '../formats.ts';
import { useCopy } from '../use-copy.ts';

const QR_MODAL = 'passalong-qr-code';
const QR_WIDTH_PX = 240;

export function ReferralLink({ advocate }: { readonly advocate: AdvocateView }) {
  const { formats } = useCardHost();
  return (
    <Flex direction="column" gap="sm">
      {advocate.pausedAt === null ? null : (
        <Alert title="This link rests" variant="warning">
          {`Nobody new can use it since ${formats.day(advocate.pausedAt)}.`}
        </Alert>
      )}
      <Flex direction="column" gap="xs">
        <Text truncate={{ tooltipText: advocate.link }}>
          <Link href={{ url: advocate.link, external: true }}>{advocate.link}</Link>
        </Text>
        <Text variant="microcopy">{`Code ${advocate.code}, opened ${countOf(advocate.visits, 'time')}`}</Text>
      </Flex>
    </Flex>
  );
}

export function LinkButtons({ advocate }: { readonly advocate: AdvocateView }) {
  const copy = useCopy();
  return (
    <>
      <Button variant="secondary" onClick={() => void copy(advocate.link, 'Link')}>
        Copy link
      </Button>
      <Button variant="secondary" overlay={<QrCode advocate={advocate} />}>
        QR code
      </Button>
    </>
  );
}

function QrCode({ advocate }: { readonly advocate: AdvocateView }) {
  const { actions } = useCardHost();
  return (
    <Modal id={QR_MODAL} title="QR code of the referral link" width="sm">
      <ModalBody>
        <Flex direction="column" gap="sm" align="center">
          <Image src={advocate.qrUrl} alt={`QR code that opens ${advocate.link}`} width={QR_WIDTH_PX} />
          <Link href={{ url: advocate.qrUrl, external: true }}>Open the picture to save or print it</Link>
        </Flex>
      </ModalBody>
      <ModalFooter>
        <Button variant="secondary" onClick={() => actions.closeOverlay(QR_MODAL)}>
          Close
        </Button>
      </ModalFooter>
    </Modal>
  );
}
