import { wholeSecondText } from '../instant.ts';
import type { Org } from './org.ts';
import type { Value } from './table.ts';

export interface RecordTypeInput {
  name: string;
  developerName?: string;
  active?: boolean;
  /** API values of the stages it offers; absent: all */
  stages?: readonly string[];
}

export interface SetupRow {
  object: string;
  prefix: string;
  values: Record<string, Value>;
}

/** A row an administrator makes in Setup. */
export function addSetupRow(org: Org, atMs: number, { object, prefix, values }: SetupRow): string {
  const Id = (values['Id'] as string | undefined) ?? org.tables.nextId(prefix);
  const at = wholeSecondText(atMs);
  const by = org.adminId || null;
  org.tables.put(object, {
    Id,
    IsDeleted: false,
    CreatedDate: at,
    CreatedById: by,
    LastModifiedDate: at,
    LastModifiedById: by,
    SystemModstamp: at,
    ...values,
  });
  return Id;
}

export interface UserInput {
  firstName: string;
  lastName: string;
  email?: string;
  username?: string;
  active?: boolean;
  timeZone?: string;
}

export function addUser(org: Org, input: UserInput, atMs: number): string {
  const { firstName, lastName } = input;
  const email = input.email ?? `${firstName}.${lastName}@${org.myDomain}.example.com`.toLowerCase();
  const values = {
    Username: input.username ?? email,
    Name: `${firstName} ${lastName}`,
    FirstName: firstName,
    LastName: lastName,
    Email: email,
    Alias: lastName.slice(0, 8).toLowerCase(),
    TimeZoneSidKey: input.timeZone ?? org.timeZone,
    LocaleSidKey: 'en_GB',
    Phone: null,
    UserType: 'Standard',
    IsActive: input.active ?? true,
  };
  return addSetupRow(org, atMs, { object: 'User', prefix: '005', values });
}

export function addRecordType(org: Org, input: RecordTypeInput & { object: string }, atMs: number): string {
  const { name: Name, object: SobjectType, developerName = Name.replaceAll(/\W+/g, '_'), active = true } = input;
  const values = {
    Name,
    SobjectType,
    DeveloperName: developerName,
    NamespacePrefix: null,
    Description: null,
    IsActive: active,
  };
  const id = addSetupRow(org, atMs, { object: 'RecordType', prefix: '012', values });
  if (input.stages) org.recordTypeStages.set(id, input.stages);
  return id;
}
