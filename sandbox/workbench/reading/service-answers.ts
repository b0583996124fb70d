/** What the workbench reads of the service's answers, as its OpenAPI document describes them. */
export interface ServicePerson {
  firstName: string | null;
  lastName: string | null;
  email: string | null;
}

export interface Rule {
  object: 'contact' | 'deal';
  field: string;
  values: string[];
  pipelineId?: string;
  status: 'qualified' | 'approved';
  enabled: boolean;
}

export interface RewardRule {
  onStatus: 'qualified' | 'approved';
  approval: 'manual' | 'automatic';
  kind: 'fixed' | 'percent';
  amount?: string;
  currency?: string;
  percent?: string;
  saleValue?: { object: string; field: string };
}

export interface Definition {
  name: string;
  /** null: the service's own sign-up page */
  landingUrl: string | null;
  rules: Rule[];
  rewardRules: RewardRule[];
}

export interface Program {
  id: string;
  primary: boolean;
  draft: Definition;
  published: { version: number; definition: Definition } | null;
}

export interface Referral {
  id: string;
  programId: string;
  advocate: ServicePerson & { advocateId: string; code: string };
  friend: ServicePerson;
  status: string;
  statusReason: string;
  statusAt: string;
  referredAt: string;
}

export interface StatusChange {
  at: string;
  from: string | null;
  to: string;
  reason: string;
  actor: string;
  entryId: string | null;
}

export interface Reward {
  id: string;
  referralId: string;
  recipient: { name: string | null; email: string | null };
  milestone: string;
  state: string;
  amount: string;
  currency: string;
  basis: Record<string, unknown>;
  createdAt: string;
  stateAt: string;
}

export interface Entry {
  id: string;
  state: 'processed' | 'ignored' | 'failed' | 'review';
  reasonCode: string;
  reason: string;
  referralId: string | null;
  objectType: string | null;
  recordId: string | null;
  createdAt: string;
}

export function nameOf(person: ServicePerson): string {
  const name = [person.firstName, person.lastName].filter(Boolean).join(' ');
  return name || person.email || 'Somebody without a name';
}
