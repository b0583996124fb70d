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
    statusReason: z.string().nullable().meta({
      description:
        'Why the account needs to be connected again; of a connected one, what its user may not do in the CRM and what waits for that.',
    }),
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

const crmName = z.enum(['hubspot', 'salesforce']);

export const createJoinLink = defineEndpoint({
  ...base,
  operationId: 'createJoinLink',
  method: 'post',
  path: '/api/v1/connections/join-links',
  summary: 'Make a link that joins a second CRM to this workspace',
  answerIsSecret: true,
  description:
    'Whoever administers the other CRM opens the link in a browser, is shown which workspace it leads to, agrees, and signs in there, all within ten minutes; the account they choose joins this workspace. It works once. Treat it as a secret until then: any account of that CRM can come in by it. Connecting without such a link reconnects an account where it is connected, and otherwise opens a workspace of its own. The link is kept nowhere: asking again makes another one, also with the same `Idempotency-Key`.',
  body: z.strictObject({ crm: crmName.meta({ description: 'The CRM that is to join.' }) }),
  bodyExample: { crm: 'salesforce' },
  answers: {
    201: {
      description: 'The link.',
      schema: z.strictObject({
        url: z.string().meta({ description: 'To be opened in the browser of the other CRM’s administrator.' }),
        expiresAt: time,
      }),
      example: {
        url: 'https://refer.example.com/salesforce/oauth/install?join=eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl',
        expiresAt: '2026-11-20T10:25:00.000Z',
      },
    },
  },
  refusals: [409, 503],
});

export const useSalesforceCertificate = defineEndpoint({
  ...base,
  operationId: 'useSalesforceCertificate',
  method: 'post',
  path: '/api/v1/connections/salesforce-jwt',
  summary: 'Use a certificate instead of a refresh token for the Salesforce org',
  description:
    'For orgs whose policy forbids refresh tokens. The org was connected to this workspace in a browser before, and its administrator has allowed the Passalong app for the user beforehand. From then on the service speaks for that user by its certificate (JWT bearer) and keeps no refresh token; connecting in a browser again goes back.',
  body: z.strictObject({
    username: z
      .string()
      .trim()
      .min(3)
      .max(255)
      .meta({ description: 'The Salesforce user name of the integration user.', examples: ['passalong@acme.com'] }),
    loginUrl: z
      .string()
      .trim()
      .min(1)
      .max(255)
      .nullish()
      .transform((value) => value ?? null)
      .meta({
        description: '`production`, `sandbox`, or the My Domain of the org. (Default: where the org signs in now)',
        examples: ['https://acme.my.salesforce.com'],
      }),
  }),
  bodyExample: { username: 'passalong@acme.com', loginUrl: 'https://acme.my.salesforce.com' },
  answers: {
    200: {
      description: 'The connection as it is now.',
      schema: connectionReport,
      example: { ...connectionExample, crm: 'salesforce', externalAccountId: '00D5g000008kXYZEA2', scopes: ['api'] },
    },
  },
  refusals: [409, 422, 503],
});
