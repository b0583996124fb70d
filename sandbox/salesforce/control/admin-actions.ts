import { SalesforceError } from '../errors.ts';
import { field as describedField } from '../schema/field.ts';
import type { Field, FieldInput } from '../schema/field.ts';
import type { ObjectType } from '../schema/object-type.ts';
import { addRecordTypeColumn, columnOf, linkChildren, objectOf, putField } from '../schema/org-schema.ts';
import { addRecordType, addSetupRow, addUser } from '../state/setup-rows.ts';
import type { RecordTypeInput, UserInput } from '../state/setup-rows.ts';
import type {
  Access,
  AssignmentRule,
  Coercion,
  DuplicateRule,
  FailingTrigger,
  LeadFieldMapping,
  ObjectAccess,
  Org,
  OrgSettings,
  ValidationRule,
} from '../state/org.ts';
import { rowOf } from '../state/find-row.ts';
import type { World } from '../world.ts';
import { named } from './org-view.ts';
import { packageActions } from './package-actions.ts';

type Without<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

/** What administrators set up. Whatever changes a description moves what `If-Modified-Since` goes by. */
export function adminActions(world: World, org: Org) {
  const typeOf = (object: string): ObjectType => objectOf(org.schema, named(org, object));
  const fieldIn = (object: string, name: string): Field => {
    const found = columnOf(typeOf(object), name, org.namespace);
    if (!found)
      throw new SalesforceError({ status: 404, errorCode: 'NOT_FOUND', message: `${object} has no column ${name}` });
    return found;
  };
  const touch = (object: string): void => void (typeOf(object).changedAtMs = world.clock.now());
  const now = () => world.clock.now();
  return {
    ...schemaActions({ org, typeOf, fieldIn, touch, now }),
    ...ruleActions(org, fieldIn),
    ...packageActions(org, now),
    addUser: (input: UserInput): string => addUser(org, input, now()),
    setUserActive(userId: string, active: boolean): void {
      const row = rowOf(org, userId);
      if (row) org.tables.put('User', { ...row, IsActive: active });
    },
    addQueue: (name: string): string =>
      addSetupRow(org, now(), {
        object: 'Group',
        prefix: '00G',
        values: { Name: name, DeveloperName: name.replaceAll(/\W+/g, '_'), Type: 'Queue', Email: null },
      }),
    settings: (settings: Partial<OrgSettings> = {}): OrgSettings => ({ ...Object.assign(org.settings, settings) }),
    /** how many calls it had in the last 24 hours, and how many it may */
    setApiUsage(used: number, allowed: number = org.apiAllowed): void {
      org.apiUsage = [{ at: now(), calls: used }];
      org.apiAllowed = allowed;
    },
  };
}

interface SchemaTools {
  org: Org;
  typeOf: (object: string) => ObjectType;
  fieldIn: (object: string, name: string) => Field;
  touch: (object: string) => void;
  now: () => number;
}

function schemaActions({ org, typeOf, fieldIn, touch, now }: SchemaTools) {
  return {
    /** a column of the customer's own, such as `{ name: 'Plan__c', label: 'Plan', type: 'string', length: 40 }` */
    addField(object: string, input: FieldInput): void {
      putField(org.schema, typeOf(object).name, describedField({ length: 255, precision: 18, ...input }));
      linkChildren(org.schema);
      touch(object);
    },
    changeField(object: string, name: string, change: Partial<Field>): void {
      putField(org.schema, typeOf(object).name, { ...fieldIn(object, name), ...change });
      touch(object);
    },
    removeField(object: string, name: string): void {
      const key = fieldIn(object, name).name.toLowerCase();
      typeOf(object).fields.delete(key);
      org.removedFields.add(`${typeOf(object).name.toLowerCase()}.${key}`);
      touch(object);
    },
    /** what the connected user may do with a column; `hidden`: as if it were not there */
    setFieldAccess(object: string, name: string, access: Access): void {
      org.fieldAccess.set(`${typeOf(object).name}.${fieldIn(object, name).name}`, access);
      touch(object);
    },
    setObjectAccess(object: string, access: Partial<ObjectAccess>): void {
      org.objectAccess.set(typeOf(object).name, { read: true, create: true, edit: true, delete: true, ...access });
      touch(object);
    },
    setFieldRequired(object: string, name: string, required = true): void {
      const key = `${typeOf(object).name}.${fieldIn(object, name).name}`;
      if (required) org.requiredFields.add(key);
      else org.requiredFields.delete(key);
      putField(org.schema, typeOf(object).name, { ...fieldIn(object, name), nillable: !required });
      touch(object);
    },
    /** of opportunities, unless told otherwise */
    addRecordType(input: RecordTypeInput & { object?: string }): string {
      const object = input.object ?? 'Opportunity';
      if (!typeOf(object).fields.has('recordtypeid')) addRecordTypeColumn(org.schema, object);
      touch(object);
      return addRecordType(org, { ...input, object }, now());
    },
    addStage(stage: { name: string; probability?: number; closed?: boolean; won?: boolean }): void {
      const { name, probability: DefaultProbability = 50, closed: IsClosed = false, won: IsWon = false } = stage;
      const SortOrder = org.tables.of('OpportunityStage').size + 1;
      const values = {
        MasterLabel: name,
        ApiName: name,
        IsActive: true,
        SortOrder,
        IsClosed,
        IsWon,
        DefaultProbability,
        Description: null,
      };
      addSetupRow(org, now(), { object: 'OpportunityStage', prefix: '01J', values });
      for (const object of ['Opportunity', 'OpportunityHistory']) {
        const field = fieldIn(object, 'StageName');
        const added = { value: name, label: name, active: true, defaultValue: false };
        putField(org.schema, object, { ...field, picklistValues: [...field.picklistValues, added] });
        touch(object);
      }
    },
  };
}

function ruleActions(org: Org, fieldIn: SchemaTools['fieldIn']) {
  const column = (object: string, name: string): string => fieldIn(object, name).name;
  return {
    /** on the e-mail address, if nothing is said */
    addDuplicateRule(rule: Without<DuplicateRule, 'name' | 'message' | 'matchObjects' | 'by'>): void {
      const name = rule.name ?? `Standard_${rule.object}_Duplicate_Rule`;
      const message = rule.message ?? 'Use one of these records?';
      const { matchObjects = [rule.object], by = 'Email' } = rule;
      org.duplicateRules.push({ ...rule, name, message, matchObjects, by });
    },
    addValidationRule(rule: Without<ValidationRule, 'name' | 'field'>): void {
      const field = typeof rule.field === 'string' ? column(rule.object, rule.field) : null;
      org.validationRules.push({ ...rule, name: rule.name ?? 'Rule', field });
    },
    addFailingTrigger(trigger: Without<FailingTrigger, 'on' | 'when' | 'message'>): void {
      const message = trigger.message ?? `${trigger.object}Trigger: execution of BeforeInsert`;
      org.triggers.push({ ...trigger, on: trigger.on ?? 'both', when: trigger.when ?? [], message });
    },
    /** something stores another value than the one that was written */
    addCoercion: (coercion: Coercion): void =>
      void org.coercions.push({ ...coercion, field: column(coercion.object, coercion.field) }),
    addLeadAssignmentRule: (rule: Without<AssignmentRule, 'when'>): void =>
      void org.leadAssignmentRules.push({ when: [], ...rule }),
    mapLeadField: (mapping: LeadFieldMapping): void =>
      void org.leadFieldMappings.push({
        ...mapping,
        leadField: column('Lead', mapping.leadField),
        field: column(mapping.object, mapping.field),
      }),
    clearRules(): void {
      const none = { duplicateRules: [], validationRules: [], triggers: [], coercions: [] };
      Object.assign(org, { ...none, leadAssignmentRules: [], leadFieldMappings: [] });
    },
  };
}
