import { Button, Modal, Text, hubspot, useExtensionContext } from '@hubspot/ui-extensions';
import { Iframe } from '@hubspot/ui-extensions/experimental';

hubspot.extend<'crm.record.sidebar'>(() => <Trouble />);

/** What goes wrong is chosen by a variable of the profile. */
function Trouble() {
  const { variables } = useExtensionContext<'crm.record.sidebar'>();
  switch (variables?.['TROUBLE']) {
    case 'component':
      return <Iframe src="https://other.example" />;
    case 'variant':
      return <Button variant={'loud' as 'primary'}>Still pressable</Button>;
    case 'render':
      throw new Error('The card broke while it was drawn');
    case 'stray overlay':
      return <Modal id="stray" title="Stray" />;
    default:
      return <Text>No trouble</Text>;
  }
}
