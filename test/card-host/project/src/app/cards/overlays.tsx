import {
  Button,
  Input,
  Link,
  Modal,
  ModalBody,
  ModalFooter,
  Panel,
  PanelBody,
  PanelFooter,
  PanelSection,
  Text,
  hubspot,
} from '@hubspot/ui-extensions';
import { useState } from 'react';

hubspot.extend<'crm.record.tab'>(({ actions }) => <Overlays closeOverlay={actions.closeOverlay} />);

function Overlays({ closeOverlay }: { closeOverlay: (id: string) => void }) {
  const [said, setSaid] = useState<string[]>([]);
  const say = (word: string) => () => setSaid((before) => [...before, word]);
  return (
    <>
      <Button
        overlay={
          <Modal id="review" title="Ask for a review" width="md" onOpen={say('opened')} onClose={say('closed')}>
            <ModalBody>
              <Input name="why" label="Why" onChange={(value) => say(`why ${value}`)()} />
            </ModalBody>
            <ModalFooter>
              <Button variant="primary" onClick={(_event, { closeModal }) => closeModal('review')}>
                Ask
              </Button>
              <Button onClick={() => closeOverlay('review')}>Cancel</Button>
            </ModalFooter>
          </Modal>
        }
      >
        Ask for a review
      </Button>
      <Button
        overlay={
          <Panel id="details" title="Details" variant="modal" width="sm" onClose={say('panel closed')}>
            <PanelBody>
              <PanelSection>
                <Text>How the reward came about</Text>
                <Link href="/contacts/1/record/0-1/7">Ada Advocate</Link>
              </PanelSection>
            </PanelBody>
            <PanelFooter>
              <Button onClick={(_event, { closePanel }) => closePanel('details')}>Done</Button>
            </PanelFooter>
          </Panel>
        }
      >
        Show details
      </Button>
      <Button
        overlay={
          <Panel id="notes" title="Notes" width="md">
            <PanelBody>
              <Text>Said so far: {said.length}</Text>
              <Button onClick={say('noted')}>Note it</Button>
            </PanelBody>
          </Panel>
        }
      >
        Show notes
      </Button>
      <Button onClick={(_event, { openModal }) => openModal('review')}>Open from elsewhere</Button>
      <Button onClick={(_event, { openModal }) => openModal('nowhere')}>Open what is not there</Button>
      <Text testId="said">{said.join(', ')}</Text>
    </>
  );
}
