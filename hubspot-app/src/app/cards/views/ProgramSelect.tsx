import { Select } from '@hubspot/ui-extensions';
import type { CardProgram } from '@passalong/shared/card-view';

export type ProgramSelectProps = {
  readonly programs: readonly CardProgram[];
  readonly value: string;
  readonly onChange: (programId: string) => void;
  readonly error?: true;
  readonly validationMessage?: string;
};

/** Nothing to choose, nothing to show. */
export function ProgramSelect({ programs, onChange, ...props }: ProgramSelectProps) {
  if (programs.length < 2) return null;
  return (
    <Select
      {...props}
      label="Program"
      name="programId"
      options={programs.map(({ id, name }) => ({ label: name, value: id }))}
      onChange={(value) => onChange(String(value))}
    />
  );
}
