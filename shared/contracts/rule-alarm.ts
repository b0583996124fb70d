import * as z from 'zod';
import { connectionId, programId, time } from './fields.ts';

const ruleAlarm = z
  .strictObject({
    programId,
    version: z.int().min(1).meta({ description: 'The published version that names it.' }),
    connectionId,
    path: z.string().meta({ description: 'Where in that version.', examples: ['rules.0.values.0'] }),
    code: z.string().meta({ examples: ['stage_unknown'] }),
    message: z.string(),
    remedy: z.string(),
    firstSeenAt: time,
  })
  .meta({
    id: 'RuleAlarm',
    description: 'Something that a version in use names and the CRM account does not have any more.',
  });

export const ruleAlarms = z.array(ruleAlarm).meta({
  description:
    'Found when the account was last read, at most 50; the other rules go on working. Empty when all is well.',
});
