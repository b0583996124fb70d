import { listOrEmpty, objectOrEmpty, requireList, requireObject, requireText, textOrNull } from '../answer-shape.ts';
import type { FieldDescription } from '../port.ts';

/** What our package's names begin with in an org where it came as a managed package. */
const NAMESPACE = 'passalong__';

export type SalesforceField = {
  readonly name: string;
  readonly label: string;
  /** In Salesforce's words. */
  readonly type: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly encrypted: boolean;
  readonly options: FieldDescription['options'];
};

export type RecordType = {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  /** The one that every org has and nobody made. */
  readonly master: boolean;
};

/** One object of an org, as the connected user sees it: what the user may not see is not there. */
export type ObjectDescription = {
  readonly name: string;
  readonly fields: readonly SalesforceField[];
  readonly recordTypes: readonly RecordType[];
  /** The field behind a name of the port; whatever the case, and with our namespace where the org has it. */
  find(name: string): SalesforceField | null;
};

export function fromSalesforceDescription(body: unknown): ObjectDescription {
  const source = requireObject(body, 'the description of an object');
  const fields = requireList(source['fields'], 'the fields of an object').map(fromSalesforceField);
  const byName = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  return {
    name: requireText(source['name'], 'the name of an object'),
    fields,
    recordTypes: listOrEmpty(source['recordTypeInfos']).map(fromRecordTypeInfo),
    find: (name) => byName.get(NAMESPACE + name.toLowerCase()) ?? byName.get(name.toLowerCase()) ?? null,
  };
}

/** Our namespace where the org has it. */
export function namespaceOf({ fields }: ObjectDescription): string {
  return fields.some(({ name }) => name === `${NAMESPACE}Referral_Id__c`) ? NAMESPACE : '';
}

/** The name behind the port: ours without the namespace, the others as they are. */
export function portName(name: string): string {
  return name.toLowerCase().startsWith(NAMESPACE) ? name.slice(NAMESPACE.length) : name;
}

function fromSalesforceField(raw: unknown): SalesforceField {
  const source = requireObject(raw, 'a field');
  const name = requireText(source['name'], 'the name of a field');
  return {
    name,
    label: textOrNull(source['label']) ?? name,
    type: textOrNull(source['type']) ?? '',
    createable: source['createable'] === true,
    updateable: source['updateable'] === true,
    encrypted: source['encrypted'] === true,
    options: listOrEmpty(source['picklistValues'])
      .map(objectOrEmpty)
      .filter((option) => option['active'] !== false)
      .map((option) => {
        const value = requireText(option['value'], 'the value of a choice');
        return { value, label: textOrNull(option['label']) ?? value };
      }),
  };
}

function fromRecordTypeInfo(raw: unknown): RecordType {
  const source = requireObject(raw, 'a record type');
  return {
    id: requireText(source['recordTypeId'], 'the id of a record type'),
    name: textOrNull(source['name']) ?? '',
    active: source['active'] !== false,
    master: source['master'] === true,
  };
}
