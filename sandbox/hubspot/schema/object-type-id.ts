/** contacts, companies, deals, tickets */
export type ObjectTypeId = '0-1' | '0-2' | '0-3' | '0-5';
