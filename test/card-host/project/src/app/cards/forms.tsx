import {
  Button,
  Checkbox,
  CurrencyInput,
  DateInput,
  Flex,
  Form,
  Input,
  MultiSelect,
  NumberInput,
  RadioButton,
  SearchInput,
  Select,
  StepperInput,
  Text,
  TextArea,
  Textarea,
  TimeInput,
  Toggle,
  ToggleGroup,
  hubspot,
} from '@hubspot/ui-extensions';
import { useState } from 'react';

declare function setTimeout(work: () => void, milliseconds: number): void;

hubspot.extend<'crm.record.tab'>(() => <EveryInput />);

const programs = [
  { label: 'Friends first', value: 1 },
  { label: 'Partners', value: 2 },
];

function EveryInput() {
  const [email, setEmail] = useState('');
  const [typed, setTyped] = useState('');
  const [committed, setCommitted] = useState<string[]>([]);
  const [program, setProgram] = useState<string | number | boolean>();
  const [submitted, setSubmitted] = useState('');
  const [echo, setEcho] = useState('');
  const wrong = email !== '' && !email.includes('@');
  return (
    <Form autoComplete="off" onSubmit={({ targetValue }) => setSubmitted(JSON.stringify(targetValue))}>
      <Input
        name="email"
        label="E-mail"
        required
        tooltip="Where the friend is reached"
        description="The friend's address"
        value={email}
        onInput={setTyped}
        onChange={(value) => {
          setEmail(value);
          setCommitted([...committed, value]);
        }}
        error={wrong}
        validationMessage={wrong ? 'This is no e-mail address.' : ''}
      />
      <Text testId="typed">
        Typed {typed}, committed {committed.join(' ')}
      </Text>
      <Input name="secret" label="Password" type="password" />
      <Input name="fixed" label="Not to be changed" value="fixed" readOnly />
      <TextArea
        name="note"
        label="Note"
        rows={2}
        maxLength={40}
        placeholder="What should they know?"
        resize="vertical"
      />
      <Textarea name="older" label="Older name of the same" rows={2} />
      <Select
        name="program"
        label="Program"
        options={programs}
        value={program}
        onChange={setProgram}
        validationMessage={program === 2 ? 'Partners are invited by hand.' : ''}
      />
      <MultiSelect
        name="tags"
        label="Tags"
        options={['warm', 'cold', 'new'].map((value) => ({ label: value, value }))}
      />
      <Flex gap="md" wrap>
        <NumberInput name="share" label="Share" formatStyle="percentage" defaultValue={10} precision={1} />
        <CurrencyInput name="amount" label="Amount" currency="EUR" defaultValue={480} />
        <StepperInput
          name="friends"
          label="Friends"
          min={0}
          max={3}
          defaultValue={2}
          maxValueReachedTooltip="Three at most"
        />
      </Flex>
      <Flex gap="md" wrap>
        <DateInput
          name="due"
          label="Due"
          format="medium"
          defaultValue={{ year: 2026, month: 10, date: 21 }}
          clearButtonLabel="Clear"
          todayButtonLabel="Today"
        />
        <TimeInput name="at" label="At" defaultValue={{ hours: 9, minutes: 30 }} />
        <SearchInput name="find" label="Find" />
      </Flex>
      <Checkbox name="agreed" description="So that we may write to them">
        The friend agrees
      </Checkbox>
      <RadioButton name="kind" value="person">
        A person
      </RadioButton>
      <ToggleGroup
        name="days"
        label="Days"
        toggleType="checkboxList"
        options={[
          { label: 'Monday', value: 'mon', initialIsChecked: true },
          { label: 'Friday', value: 'fri' },
        ]}
      />
      <ToggleGroup
        name="way"
        label="Way"
        toggleType="radioButtonList"
        inline
        error
        validationMessage="Choose one."
        options={[
          { label: 'By mail', value: 'mail' },
          { label: 'By phone', value: 'phone' },
        ]}
      />
      <Input name="echo" label="Echo" value={echo} onInput={(value) => setTimeout(() => setEcho(value), 40)} />
      <Toggle name="pause" label="Pause the link" />
      <Button type="submit" variant="primary">
        Send
      </Button>
      <Text testId="submitted">{submitted}</Text>
    </Form>
  );
}
