import type { Writer } from '../data/writer.ts';
import type { DataCall } from '../http/exchange.ts';

/** The connected user as one who writes, with what the headers ask for. */
export function apiWriter({ exchange, org, session }: DataCall): Writer {
  const { world, now, headers, method, path } = exchange;
  const duplicates = headerOptions(headers['sforce-duplicate-rule-header']);
  return {
    world,
    org,
    userId: session.userId,
    nowMs: now,
    via: 'api',
    options: {
      allowDuplicates: duplicates.get('allowsave') === 'true',
      includeDuplicateDetails: duplicates.get('includerecorddetails') === 'true',
      // Without the header the org's active rules are used.
      autoAssign: String(headers['sforce-auto-assign'] ?? 'TRUE').toUpperCase() !== 'FALSE',
    },
    target: { orgId: org.orgId, method, path },
  };
}

/** `allowSave=true; includeRecordDetails=true` as a map with lower-cased names. */
function headerOptions(header: string | string[] | undefined): Map<string, string> {
  const parts = String(header ?? '').split(/[;,]/);
  return new Map(parts.map((part) => part.split('=').map((text) => text.trim().toLowerCase()) as [string, string]));
}
