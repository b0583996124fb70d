/** What stands before the @ of addresses that several people read. */
const SHARED = new Set([
  'abuse',
  'accounting',
  'accounts',
  'admin',
  'billing',
  'buchhaltung',
  'careers',
  'contact',
  'einkauf',
  'empfang',
  'enquiries',
  'finance',
  'hallo',
  'hello',
  'help',
  'helpdesk',
  'hi',
  'hr',
  'info',
  'inquiries',
  'invoices',
  'jobs',
  'kontakt',
  'mail',
  'marketing',
  'no-reply',
  'noreply',
  'office',
  'orders',
  'post',
  'postmaster',
  'purchasing',
  'reception',
  'sales',
  'service',
  'support',
  'team',
  'vertrieb',
  'webmaster',
]);

/** Whether an address, in the form used for matching, is read by a team rather than by a person (E15). */
export function isSharedMailbox(normalisedEmail: string): boolean {
  const local = normalisedEmail.slice(0, normalisedEmail.indexOf('@'));
  return SHARED.has(local.split('+')[0] ?? local);
}
