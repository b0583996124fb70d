/**
 * The program a first visitor finds: friends sign up on our own page, a customer qualifies, a deal won in either CRM approves
 * and pays.
 */
export function sampleProgram(): { readonly name: string } & Record<string, unknown> {
  return {
    name: 'Customer referrals',
    page: {
      signUp: {
        title: 'A friend thinks we can help you',
        intro: 'Leave your details. A colleague of ours reads them today and comes back to you.',
        button: 'Get in touch',
      },
      consentText: 'You may write to me about this. I can end that at any time.',
    },
    capture: {
      map: [
        { field: 'email', from: 'friend.email' },
        { field: 'firstname', from: 'friend.firstName' },
        { field: 'lastname', from: 'friend.lastName' },
        { field: 'phone', from: 'friend.phone' },
        { field: 'lifecyclestage', value: 'lead', onExisting: 'never' },
        { field: 'hs_lead_status', value: 'NEW', onExisting: 'fill_blank' },
        { field: 'LeadSource', value: 'Partner Referral', onExisting: 'never' },
      ],
    },
    rules: [
      { status: 'qualified', object: 'contact', field: 'lifecyclestage', operator: 'any_of', values: ['customer'] },
      {
        status: 'approved',
        object: 'deal',
        field: 'dealstage',
        operator: 'any_of',
        pipelineId: 'default',
        values: ['closedwon'],
      },
      {
        status: 'approved',
        object: 'deal',
        field: 'StageName',
        operator: 'any_of',
        // What every org without record types has instead of pipelines.
        pipelineId: '012000000000000AAA',
        values: ['Closed Won'],
      },
    ],
    rewardRules: [
      {
        recipient: 'advocate',
        onStatus: 'approved',
        approval: 'manual',
        kind: 'percent',
        percent: '10',
        saleValue: { object: 'deal', field: 'amount' },
      },
    ],
  };
}

export const SAMPLE_FRIEND = {
  firstName: 'Nora',
  lastName: 'Lindqvist',
  email: 'nora.lindqvist@lindqvist-studio.example.com',
} as const;

/** A deal under way: one move from paying a reward. */
export const SAMPLE_DEAL = {
  dealname: 'Lindqvist Studio - Annual plan',
  pipeline: 'default',
  dealstage: 'presentationscheduled',
  amount: '4800',
} as const;

/** The same sale in the other CRM: whichever is won first pays, and only once. */
export const SAMPLE_OPPORTUNITY = {
  Name: SAMPLE_DEAL.dealname,
  StageName: 'Negotiation/Review',
  Amount: Number(SAMPLE_DEAL.amount),
} as const;

export const SAMPLE_COMPANY = {
  name: 'Lindqvist Studio',
  domain: 'lindqvist-studio.example.com',
  city: 'Gothenburg',
} as const;

/** For the card in the help desk: an advocate writes in. */
export const SAMPLE_TICKET = {
  subject: 'Where do I find my referral link?',
  content: 'I would like to send it to a friend, and cannot find the mail any more.',
  hs_pipeline_stage: '1',
  hs_ticket_priority: 'LOW',
} as const;

export const ADVOCATES = 2;
/** Customers of the HubSpot account who are in the Salesforce org too, with the advocates among them. */
export const IN_BOTH = 12;
