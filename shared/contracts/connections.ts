import * as z from 'zod';
import { defineEndpoint } from './endpoint.ts';
import { connectionId, pageOf, pageQuery, time } from './fields.ts';
import { ruleAlarms } from './rule-alarm.ts';

export const connectionReport = z
  .strictObject({
    id: connectionId,
    crm: z.enum(['hubspot', 'salesforce']),
    externalAccountId: z
      .string()
      .meta({ description: 'HubSpot portal id or Salesforce org id.', examples: ['1234567'] }),
    status: z.enum(['connected', 'needs_reauthorization', 'disconnected']),
    statusReason: z.string().nullable(),
    scopes: z.array(z.string()),
    timeZone: z.string().nullable(),
    currency: z.string().nullable(),
    provisionedAt: time.nullable().meta({ description: 'When our fields were found or made; null before.' }),
    provisionError: z.string().nullable(),
    lastSignalAt: time.nullable().meta({ description: 'When the CRM last told us of a change.' }),
    lastEntryAt: time.nullable().meta({ description: 'When something of this account was last decided.' }),
    lastCallAt: time.nullable(),
    connectedAt: time,
    disconnectedAt: time.nullable(),
    alarms: ruleAlarms,
  })
  .meta({ id: 'Connection', description: 'One authorised CRM account.' });

export type ConnectionReport = z.output<typeof connectionReport>;

const connectionExample: ConnectionReport = {
  id: 'con_a1s2d3f4g5h6j7k8l9q0',
  crm: 'hubspot',
  externalAccountId: '1234567',
  status: 'connected',
  statusReason: null,
  scopes: ['oauth', 'crm.objects.contacts.read'],
  timeZone: 'US/Eastern',
  currency: 'USD',
  provisionedAt: '2026-11-18T09:00:05.000Z',
  provisionError: null,
  lastSignalAt: '2026-11-20T10:14:59.000Z',
  lastEntryAt: '2026-11-20T10:15:00.000Z',
  lastCallAt: '2026-11-20T10:15:00.000Z',
  connectedAt: '2026-11-18T09:00:00.000Z',
  disconnectedAt: null,
  alarms: [
    {
      programId: 'prg_4k7w0q9zt1m3x8c2v5b6',
      version: 1,
      connectionId: 'con_a1s2d3f4g5h6j7k8l9q0',
      path: 'rules.0.values.0',
      code: 'stage_unknown',
      message: 'closedwon is not a stage of the pipeline Sales Pipeline.',
      remedy:
        'Use internal values, not labels: appointmentscheduled (Appointment Scheduled), contractsent (Contract Sent).',
      firstSeenAt: '2026-11-20T09:00:00.000Z',
    },
  ],
};

const base = { tag: 'Connections', auth: 'apiKey' } as const;

export const listConnections = defineEndpoint({
  ...base,
  operationId: 'listConnections',
  method: 'get',
  path: '/api/v1/connections',
  summary: 'The workspace’s CRM accounts',
  query: z.strictObject(pageQuery),
  answers: {
    200: {
      description: 'A page of connections.',
      schema: pageOf(connectionReport),
      example: { items: [connectionExample], nextCursor: null },
    },
  },
});

export const deleteConnection = defineEndpoint({
  ...base,
  operationId: 'deleteConnection',
  method: 'delete',
  path: '/api/v1/connections/:connectionId',
  summary: 'Disconnect a CRM account',
  description: 'Uninstalls the app from the account and forgets its tokens. Referrals and rewards stay.',
  params: z.strictObject({ connectionId }),
  answers: {
    200: {
      description: 'The connection as it is now.',
      schema: connectionReport,
      example: { ...connectionExample, status: 'disconnected', disconnectedAt: '2026-11-20T10:20:00.000Z' },
    },
  },
  refusals: [503],
});
