export interface Stage {
  id: string;
  label: string;
  displayOrder: number;
  /** HubSpot keeps both as strings */
  isClosed: string;
  probability: string;
}

export interface Pipeline {
  id: string;
  label: string;
  displayOrder: number;
  stages: Stage[];
}

type StageRow = readonly [id: string, label: string, probability: string, isClosed: boolean];

const SALES: readonly StageRow[] = [
  ['appointmentscheduled', 'Appointment Scheduled', '0.2', false],
  ['qualifiedtobuy', 'Qualified To Buy', '0.4', false],
  ['presentationscheduled', 'Presentation Scheduled', '0.6', false],
  ['decisionmakerboughtin', 'Decision Maker Bought-In', '0.8', false],
  ['contractsent', 'Contract Sent', '0.9', false],
  ['closedwon', 'Closed Won', '1.0', true],
  ['closedlost', 'Closed Lost', '0.0', true],
];

// Stages an admin adds get numeric ids, and the label "Closed Won" may well appear twice in an account.
const RENEWALS: readonly StageRow[] = [
  ['181022701', 'Renewal Due', '0.3', false],
  ['181022702', 'Negotiation', '0.6', false],
  ['181022703', 'Closed Won', '1.0', true],
  ['181022704', 'Churned', '0.0', true],
];

export const RENEWALS_PIPELINE_ID = '75030411';

const stages = (rows: readonly StageRow[]): Stage[] =>
  rows.map(([id, label, probability, isClosed], displayOrder) => ({
    id,
    label,
    displayOrder,
    isClosed: String(isClosed),
    probability,
  }));

export function standardPipelines(): Pipeline[] {
  return [
    { id: 'default', label: 'Sales Pipeline', displayOrder: 0, stages: stages(SALES) },
    { id: RENEWALS_PIPELINE_ID, label: 'Renewals', displayOrder: 1, stages: stages(RENEWALS) },
  ];
}
