import { addPackage, linkChildren, packageColumns, removePackage } from '../schema/org-schema.ts';
import type { Org } from '../state/org.ts';

/** What administrators do with the managed package. */
export function packageActions(org: Org, now: () => number) {
  const changed = (): void => {
    linkChildren(org.schema);
    for (const type of org.schema.values()) type.changedAtMs = now();
  };
  const referral = (): string => (org.namespace === null ? 'Referral__c' : `${org.namespace}__Referral__c`);
  return {
    installPackage(namespace: 'passalong' | null = null): void {
      Object.assign(org, { packageInstalled: true, namespace });
      addPackage(org.schema, namespace);
      changed();
    },
    uninstallPackage(): void {
      removePackage(org.schema, org.namespace);
      org.packageInstalled = false;
      changed();
    },
    /** whether the connected user has the package's permission set: without it the user sees nothing of the package */
    assignPermissionSet(assigned: boolean): void {
      for (const [object, name] of packageColumns(org.schema, org.namespace))
        org.fieldAccess.set(`${object}.${name}`, assigned ? 'edit' : 'hidden');
      org.objectAccess.set(referral(), { read: assigned, create: assigned, edit: assigned, delete: assigned });
      changed();
    },
  };
}
