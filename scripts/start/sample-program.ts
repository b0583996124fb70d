/** The program a first visitor finds: a customer qualifies, a won deal approves and pays. */
export function sampleProgram(landingUrl: string): { readonly name: string } & Record<string, unknown> {
  return {
    name: 'Customer referrals',
    landingUrl,
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

export const ADVOCATES = 2;
