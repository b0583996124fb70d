/** One condition on a property, as the search and lists both word it. */
export interface Filter {
  propertyName: string;
  operator: string;
  value?: string;
  highValue?: string;
  values?: string[];
}
