import { Button, Flex, Link, Text, hubspot, logger, useExtensionContext } from '@hubspot/ui-extensions';
import { useAssociations, useCrmProperties } from '@hubspot/ui-extensions/crm';
import { useEffect, useState } from 'react';

hubspot.extend<'crm.record.sidebar'>(({ actions }) => <Behaviour actions={actions} />);

type Actions = Parameters<Parameters<typeof hubspot.extend<'crm.record.sidebar'>>[0]>[0]['actions'];

function Behaviour({ actions }: { actions: Actions }) {
  const { user, crm, variables, location } = useExtensionContext<'crm.record.sidebar'>();
  const { properties, error, isLoading } = useCrmProperties(['firstname', 'lifecyclestage']);
  const deals = useAssociations({ toObjectType: '0-3', properties: ['dealname'], pageLength: 2 });
  const [heard, setHeard] = useState('');
  const [result, setResult] = useState('');
  useEffect(() => {
    actions.onCrmPropertiesUpdate(['lifecyclestage'], (changed) => setHeard(JSON.stringify(changed)));
    logger.info('The card began.');
  }, []);
  const attempt = (work: () => Promise<string>) => () => {
    work().then(setResult, (reason: unknown) =>
      setResult(`failed: ${reason instanceof Error ? reason.message : 'oddly'}`),
    );
  };
  const base = String(variables?.['BASE'] ?? 'https://service.example');
  return (
    <Flex direction="column" gap="sm">
      <Text testId="context">
        {user.firstName} on {crm.objectTypeId}/{crm.objectId} at {location}
      </Text>
      <Text testId="properties">{isLoading ? 'loading' : (error?.message ?? JSON.stringify(properties))}</Text>
      <Text testId="associations">
        {deals.isLoading
          ? 'loading'
          : (deals.error?.message ?? deals.results.map((deal) => deal.properties.dealname).join(', '))}
      </Text>
      <Button disabled={!deals.pagination.hasNextPage} onClick={deals.pagination.nextPage}>
        More deals
      </Button>
      <Text testId="heard">{heard}</Text>
      <Text testId="result">{result}</Text>
      <Button onClick={attempt(() => fetched(`${base}/card`))}>Fetch</Button>
      <Button onClick={attempt(() => fetched(`${base}/card`, { note: 'hello' }))}>Post</Button>
      <Button onClick={attempt(nativeFetch)}>Native fetch</Button>
      <Button onClick={attempt(blockedGlobals)}>Other ways out</Button>
      <Button onClick={attempt(() => actions.copyTextToClipboard('https://go.example/r/ada').then(() => 'copied'))}>
        Copy
      </Button>
      <Button onClick={() => actions.addAlert({ type: 'success', title: 'Done', message: 'Copied to the clipboard' })}>
        Alert
      </Button>
      <Button onClick={() => actions.addAlert({ type: 'purple' as 'info', message: 'Never seen' })}>Wrong alert</Button>
      <Button onClick={() => actions.refreshObjectProperties()}>Refresh</Button>
      <Button onClick={() => actions.reloadPage()}>Reload</Button>
      <Button
        onClick={attempt(() => actions.fetchCrmObjectProperties(['email']).then((found) => JSON.stringify(found)))}
      >
        Properties
      </Button>
      <Button
        onClick={() =>
          actions.openIframeModal({ uri: 'https://other.example/page', width: 300, height: 200, title: 'Other' })
        }
      >
        Foreign iframe
      </Button>
      <Button
        onClick={() =>
          actions.openIframeModal({ uri: `${base}/frame`, width: 300, height: 100, title: 'Own page' }, () =>
            setResult('iframe closed'),
          )
        }
      >
        Own iframe
      </Button>
      <Button
        onClick={() => {
          throw new Error('A handler broke');
        }}
      >
        Broken handler
      </Button>
      <Link href="/contacts/1/record/0-1/7">Ada Advocate</Link>
    </Flex>
  );
}

async function fetched(url: string, body?: Record<string, unknown>, headers?: Record<string, string>): Promise<string> {
  const response = await hubspot.fetch(url, { method: body ? 'POST' : 'GET', body, headers });
  return `${response.status} ${await response.text()}`;
}

async function nativeFetch(): Promise<string> {
  const reachOut = (self as { fetch: (url: string) => Promise<unknown> }).fetch;
  await reachOut('/host.js');
  return 'fetched natively';
}

function blockedGlobals(): Promise<string> {
  const names = [
    'fetch',
    'XMLHttpRequest',
    'WebSocket',
    'EventSource',
    'importScripts',
    'localStorage',
    'indexedDB',
    'caches',
  ];
  const holders = [
    self as object,
    Object.getPrototypeOf(self) as object,
    Object.getPrototypeOf(Object.getPrototypeOf(self)) as object,
  ];
  const open = names.filter((name) => holders.some((holder) => name in holder && !isRefused(holder, name)));
  return Promise.resolve(`open: ${open.join(' ') || 'none'}`);
}

/** Refused in our own words: a browser's own error would only say that it was used wrongly. */
function isRefused(holder: object, name: string): boolean {
  try {
    const found: unknown = Reflect.get(holder, name, self);
    if (typeof found === 'function') Reflect.construct(found, ['/empty']);
    return false;
  } catch (error) {
    return String(error).includes('is not available in a HubSpot card');
  }
}

declare const self: unknown;
