import { Alert, Text } from '@hubspot/ui-extensions';
import { isUnconfirmed } from '../read-answer.ts';
import type { Failure } from '../read-answer.ts';
import { FailureWords } from './FailureState.tsx';

export type FormFailureProps = {
  readonly failure: Failure | null;
  /** Inputs that show their problem themselves. */
  readonly shown: readonly string[];
};

/** What a failed submission says above the form, which keeps everything typed. */
export function FormFailure({ failure, shown }: FormFailureProps) {
  if (!failure) return null;
  const others = failure.fields.filter(({ field, message }) => !shown.includes(field) && message !== failure.message);
  const unsure = isUnconfirmed(failure);
  return (
    <Alert title={unsure ? 'Not confirmed yet' : 'Not saved'} variant={unsure ? 'warning' : 'danger'}>
      <FailureWords failure={failure} />
      {[...new Set(others.map(({ message }) => message))].map((message) => (
        <Text key={message}>{message}</Text>
      ))}
      {unsure ? <Text>What you typed is kept. Sending the same again adds nothing twice.</Text> : null}
    </Alert>
  );
}

export function problemOf(failure: Failure | null, name: string): { error?: true; validationMessage?: string } {
  const problem = failure?.fields.find(({ field }) => field === name);
  return problem ? { error: true, validationMessage: problem.message } : {};
}
