/** Programs in the words of `vocabulary.ts`; rules and rewards have fixed ids, so that both ledgers name them alike. */
const PAGE = { landingUrl: 'https://example.com/welcome' };

export const MAP = [
  { field: '$email', from: 'friend.email' },
  { field: '$firstName', from: 'friend.firstName' },
  { field: '$lastName', from: 'friend.lastName' },
  { field: '$phone', from: 'friend.phone' },
] as const;

export const stageRule = (stage: string, status: string, more: object = {}) => ({
  id: `rul_${stage}`,
  object: 'deal',
  field: '$dealStage',
  pipelineId: '$sales',
  values: [`$${stage}`],
  status,
  ...more,
});

export const standingRule = (status = 'approved', values: readonly string[] = ['customer']) => ({
  id: 'rul_standing',
  object: 'contact',
  field: '$standing',
  values,
  status,
});

export const TENTH = {
  id: 'rwr_tenth',
  onStatus: 'approved',
  kind: 'percent',
  percent: '10',
  saleValue: { object: 'deal', field: '$amount' },
};
export const FIXED = {
  id: 'rwr_fixed',
  onStatus: 'approved',
  approval: 'automatic',
  kind: 'fixed',
  amount: '10.00',
  currency: 'EUR',
};
export const HEAD_START = { ...FIXED, id: 'rwr_start', onStatus: 'qualified', amount: '5.00' };

/** A won deal approves and pays a tenth of its amount, once somebody says so. */
export const deals = (more: object = {}) => ({
  name: 'Deals',
  ...PAGE,
  rules: [stageRule('won', 'approved')],
  rewardRules: [TENTH],
  capture: { map: MAP },
  ...more,
});

/** Who becomes a customer is approved, and pays ten euros at once. */
export const customers = (more: object = {}) => ({
  name: 'Customers',
  ...PAGE,
  rules: [standingRule()],
  rewardRules: [FIXED],
  capture: { map: MAP },
  ...more,
});

/** A deal that is being negotiated qualifies and pays a head start, a won one approves. */
export const ladder = (more: object = {}) =>
  deals({
    rules: [stageRule('qualifying', 'qualified', { operator: 'at_or_after' }), stageRule('won', 'approved')],
    rewardRules: [HEAD_START, TENTH],
    ...more,
  });

export const WON_RULE = stageRule('won', 'approved');

/** Ten seats or more approve. */
export const seats = () =>
  customers({ rules: [{ ...standingRule(), id: 'rul_seats', field: '$seats', operator: 'at_least', values: ['10'] }] });

/** The better tier approves, or whatever else is given. */
export const tiers = (...others: readonly object[]) =>
  customers({ rules: [{ ...standingRule(), id: 'rul_tier', field: '$tier', values: ['pro'] }, ...others] });

export const sharing = (percent: string) => deals({ rewardRules: [{ ...TENTH, percent }] });

/** Deals that several referred people are on. */
export const shared = (severalContacts: string) =>
  deals({ decisions: { severalContacts, ...(severalContacts === 'primary' && { primaryRole: '$primaryRole' }) } });

/** Who was in the CRM for more than an hour is no new person. */
export const hourOld = () => customers({ capture: { map: MAP, duplicates: { policy: 'deny' } } });

/** Reviews nobody answers within two days. */
export const impatient = (policy: string) => customers({ decisions: { reviewTimeout: { policy, afterDays: 2 } } });

/** Who was known: what of the map is written to them, where the standing never is. */
export const knowing = (policy: string) =>
  customers({
    decisions: { alreadyMet: 'ignore' },
    capture: {
      map: [
        ...MAP,
        { field: '$standing', value: 'lead', onExisting: 'never' },
        { field: '$origin', value: 'Referral' },
        { field: '$campaign', from: 'program.name' },
      ],
      duplicates: { policy },
    },
  });

/** Records that name a referral or an advocate; nobody is made in the CRM. */
export const matching = () =>
  customers({
    capture: { enabled: false, map: MAP },
    matching: {
      target: [{ object: 'contact', field: '$shopId', holds: 'external_id' }],
      member: [
        { object: 'contact', field: '$code', holds: 'advocate_code' },
        { object: 'deal', field: '$dealCode', holds: 'advocate_code' },
      ],
      names: { enabled: true, threshold: 0.9, margin: 0.1 },
    },
  });

export const honest = (integrity: object) => customers({ integrity });

/** One more field is mapped: who referred them, or an answer of the form. */
export const mapping = (field: 'campaign' | 'seats') =>
  customers({
    page: { questions: [{ key: 'seats', label: 'How many are you?' }] },
    capture: { map: [...MAP, { field: `$${field}`, from: field === 'seats' ? 'friend.seats' : 'program.name' }] },
  });

/** A company that becomes a customer approves its people, as far as there are not too many of them. */
export const colleagues = (maxContacts: number) =>
  customers({
    rules: [{ ...standingRule(), id: 'rul_company', object: 'company', field: '$kind' }],
    matching: { contacts: 'company_contacts', maxContacts },
  });

/** A deal for each referral, made in the stage `qualifying` or found there. */
export const dealing = (policy: 'create' | 'attach') =>
  deals({
    capture: { map: MAP, deal: { policy, pipelineId: '$sales', stageId: '$qualifying', name: 'deal of {friend}' } },
  });

/** What is copied to the referral when it moves. */
export const COPIED = {
  fieldUpdates: [
    { object: 'contact', field: '$since', to: 'since' },
    { object: 'deal', field: '$amount', to: 'saleValue' },
  ],
};
