import { Accordion, Alert, List, Text } from '@hubspot/ui-extensions';
import type { NextStep } from '@passalong/shared/card-view';

/** Said already by an alert or by the button of the surface. */
const SAID_ELSEWHERE: ReadonlySet<NextStep['code']> = new Set(['reconnect', 'enrol', 'nothing']);

export function NextSteps({ steps }: { readonly steps: readonly NextStep[] }) {
  const [first, ...others] = steps.filter(({ code }) => !SAID_ELSEWHERE.has(code));
  if (!first) return null;
  return (
    <>
      <Alert title="What to do next" variant="tip">
        {first.text}
      </Alert>
      {others.length === 0 ? null : (
        <Accordion title={`Also worth doing (${others.length})`} size="sm">
          <List variant="unordered">
            {others.map(({ code, text }) => (
              <Text key={code}>{text}</Text>
            ))}
          </List>
        </Accordion>
      )}
    </>
  );
}
