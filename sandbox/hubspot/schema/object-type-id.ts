/** contacts, companies, deals */
export type ObjectTypeId = '0-1' | '0-2' | '0-3';
