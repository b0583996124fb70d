import { FRIEND_MAP } from '../../../shared/capture-settings.ts';
import { crmOfField } from '../../../shared/crm-fields.ts';
import { SALESFORCE_MAP_IN, type AdvocateFact } from '../../../shared/enrolment-settings.ts';
import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { FieldDescription } from '../crm/port.ts';
import type { AccountFacts } from './account-facts.ts';
import { findField, unknownField, unknownValue } from './check-choices.ts';
import { isBlank, problem, type FieldProblem } from './check-problem.ts';

/** A line of a map as far as the account is concerned. */
type Line = {
  readonly path: string;
  readonly field: string;
  /** A value that is written as it stands. */
  readonly fixed?: { readonly path: string; readonly value: string };
  /** Written to the field as it changes. */
  readonly fact?: AdvocateFact;
  /** Only read: any type and any field will do. */
  readonly readOnly?: true;
  /** Written to a new lead, too, which has fields of its own. */
  readonly onLead?: true;
};

/** Every account has these, and they take a person's details as they are: asking for them would be a call for nothing. */
const ALWAYS_THERE: ReadonlySet<string> = new Set(FRIEND_MAP.map(({ field }) => field));

/** The CRMs keep these themselves, and refuse whoever writes them. */
const KEPT_BY_HUBSPOT =
  /^(createdate|lastmodifieddate|hs_(object|merged|calculated)_\w+|num_(unique_)?conversion_events|num_associated_deals)$/;
const KEPT_BY_SALESFORCE =
  /^(Id|Name|Is(Deleted|Converted)|MasterRecordId|(Created|LastModified)(Date|ById)|SystemModstamp|Last(Activity|Viewed|Referenced)Date|Converted\w+)$/;

/** Whether the account's properties have to be known to judge the maps that are switched on. */
export function mapsNeedFields(definition: ProgramDefinition): boolean {
  return linesOf(definition).length > 0;
}

/** Whether the fields of leads have to be known for it, too. */
export function mapsNeedLeadFields(definition: ProgramDefinition): boolean {
  return linesOf(definition).some(({ onLead }) => onLead);
}

type Facts = Pick<AccountFacts, 'contactFields' | 'leadFields'>;

/** Properties and options that the maps name and the account does not have, or that cannot hold what they are given. */
export function checkAccountMaps(definition: ProgramDefinition, { contactFields, leadFields }: Facts): FieldProblem[] {
  return linesOf(definition).flatMap((line) => {
    if (contactFields === null || (line.onLead && leadFields === null)) return [];
    // A friend who was there before may be a contact, so what only contacts have is written there.
    return checkLine(line, line.onLead ? [...(leadFields ?? []), ...contactFields] : contactFields);
  });
}

/** Lines that are in use and name something of the customer's own. */
function linesOf({ enrolment, capture }: ProgramDefinition): Line[] {
  const lines: Line[] = [];
  if (enrolment.enabled) {
    enrolment.mapIn.forEach((line, index) => {
      // These very lines nobody wrote: an account must not be asked because of them.
      if (SALESFORCE_MAP_IN.includes(line)) return;
      lines.push({ path: `enrolment.mapIn.${String(index)}.field`, field: line.field, readOnly: true });
    });
    enrolment.mapOut.forEach(({ field, from }, index) =>
      lines.push({ path: `enrolment.mapOut.${String(index)}.field`, field, fact: from }),
    );
  }
  if (enrolment.createContacts) {
    enrolment.contactValues.forEach(({ field, value }, index) => {
      const path = `enrolment.contactValues.${String(index)}`;
      lines.push({ path: `${path}.field`, field, fixed: { path: `${path}.value`, value } });
    });
  }
  if (capture.enabled) {
    capture.map.forEach(({ field, value }, index) => {
      const path = `capture.map.${String(index)}`;
      lines.push({
        path: `${path}.field`,
        field,
        ...(value === null ? {} : { fixed: { path: `${path}.value`, value } }),
        ...(capture.personAs === 'lead' && crmOfField(field) === 'salesforce' ? { onLead: true } : {}),
      });
    });
  }
  return lines.filter(({ field }) => !isBlank(field) && !ALWAYS_THERE.has(field));
}

function checkLine(line: Line, fields: readonly FieldDescription[]): FieldProblem[] {
  const field = findField(fields, line.field);
  if (!field) return unknownField(line.path, { object: 'contact', field: line.field, fields });
  if (line.readOnly) return [];
  if (KEPT_BY_HUBSPOT.test(field.name) || KEPT_BY_SALESFORCE.test(field.name)) {
    return problem(line.path, 'field_not_writable', {
      message: `${field.label} is kept by the CRM itself and cannot be written.`,
      remedy: 'Pick a property that people can fill in.',
    });
  }
  if (line.fact !== undefined) return checkFact(line.fact, field, line.path);
  return line.fixed === undefined ? [] : checkFixed(line.fixed.value, field, line.fixed.path);
}

function checkFixed(value: string, field: FieldDescription, path: string): FieldProblem[] {
  if (field.options.length > 0) {
    return splitChoices(value, field).flatMap((choice) =>
      unknownValue(choice, path, {
        code: 'option_unknown',
        what: `an option of ${field.label}`,
        choices: field.options,
      }),
    );
  }
  if (field.type !== 'number' || (value.trim() !== '' && Number.isFinite(Number(value)))) return [];
  return problem(path, 'value_invalid', {
    message: `${field.label} holds a number, and ${value} is none.`,
    remedy: 'Write digits with a point and no separators, such as 25 or 1250.5.',
  });
}

/** Several boxes ticked at once stand in one value: `a;b`. */
function splitChoices(value: string, { options }: FieldDescription): readonly string[] {
  return options.some((option) => option.value === value) ? [value] : value.split(';');
}

type FieldType = FieldDescription['type'];

const TEXT: readonly FieldType[] = ['text'];
const NUMBER: readonly FieldType[] = ['number', 'text'];

const TYPES: Readonly<Record<AdvocateFact, readonly FieldType[]>> = {
  link: TEXT,
  code: TEXT,
  referredCount: NUMBER,
  qualifiedCount: NUMBER,
  approvedCount: NUMBER,
  rewardTotal: NUMBER,
  rewardStatus: ['text', 'choice'],
  lastReferralAt: ['datetime', 'text'],
};

const REWARD_STATUSES = ['none', 'pending', 'approved', 'issued'] as const;

function checkFact(fact: AdvocateFact, field: FieldDescription, path: string): FieldProblem[] {
  const types = TYPES[fact];
  if (!types.includes(field.type)) {
    return problem(path, 'field_type_unsupported', {
      message: `${field.label} holds a ${field.type}, which cannot take ${fact}.`,
      remedy: `Pick a property of the type ${types.join(' or ')}.`,
    });
  }
  if (fact !== 'rewardStatus' || field.type !== 'choice') return [];
  const missing = REWARD_STATUSES.filter((status) => !field.options.some(({ value }) => value === status));
  if (missing.length === 0) return [];
  return problem(path, 'options_missing', {
    message: `${field.label} has no option with the internal value ${missing.join(', ')}.`,
    remedy: `Add the options ${REWARD_STATUSES.join(', ')} to it in the CRM, or pick a text property.`,
  });
}
