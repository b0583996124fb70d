import type { Request } from 'express';
import type { CrmName } from '../../crm/port.ts';
import type { PassalongError } from '../../errors/passalong-error.ts';
import type { Logger } from '../../observability/logger.ts';
import type { InstallUseCase } from '../install-use-case.ts';

/** Connecting accounts of one CRM in the browser. */
export type InstallRouteInput = {
  readonly crm: CrmName;
  /** For people. */
  readonly title: string;
  /** Null: the service runs without this CRM. */
  readonly installs: InstallUseCase | null;
  readonly notConfigured: () => PassalongError;
  readonly publicUrl: string;
  /** The address when it is a page of the CRM’s own, else null: nobody is sent anywhere a stranger chose. */
  readonly ownPage: (address: unknown) => string | null;
  /** What happens next, told to the admin who has just connected. */
  readonly connected: string;
  readonly logger: Logger;
};

/** A repeated parameter is nobody's honest request: it counts as absent. */
export function single(request: Request, name: string): string | null {
  const value = request.query[name];
  return typeof value === 'string' && value !== '' && value.length <= 4_000 ? value : null;
}
