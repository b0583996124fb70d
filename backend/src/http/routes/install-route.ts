import type { Request } from 'express';
import type { CrmName } from '../../crm/port.ts';
import type { PassalongError } from '../../errors/passalong-error.ts';
import type { Logger } from '../../observability/logger.ts';
import { JoinLinkInvalid } from '../../workspaces/install-errors.ts';
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
  /** What happens next, told to the admin who has just connected. */
  readonly connected: string;
  readonly logger: Logger;
};

/** The same where the service is set up for this CRM. */
export type ConfiguredRoute = InstallRouteInput & { readonly installs: InstallUseCase };

/**
 * The token of a join link, or null where there is none. What somebody’s mail program made of it is refused: whoever wants
 * to join a workspace must not be given one of their own instead. Raises `JoinLinkInvalid`.
 */
export function joinOf(parameters: readonly (readonly [string, unknown])[]): string | null {
  const meant = parameters.filter(([name]) => /^\W*(amp;)?join\b/i.test(name));
  const [first, ...others] = meant;
  if (first === undefined) return null;
  const [name, value] = first;
  if (name === 'join' && others.length === 0 && isText(value)) return value;
  throw new JoinLinkInvalid('This link was damaged on its way.');
}

/** A repeated parameter is nobody's honest request: it counts as absent. */
export function single(request: Request, name: string): string | null {
  const value = request.query[name];
  return isText(value) ? value : null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 4_000;
}
