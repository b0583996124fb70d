import type { Express } from 'express';
import { ALL_ENDPOINTS } from '../../../shared/contracts/all-endpoints.ts';
import { MethodNotAllowed } from './http-errors.ts';

/** After all routes: an address that exists answers 405 to other methods, with what it does allow. */
export function refuseOtherMethods(app: Express): void {
  const methods = new Map<string, string[]>();
  for (const { path, method } of ALL_ENDPOINTS) {
    const allowed = method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()];
    methods.set(path, [...(methods.get(path) ?? []), ...allowed]);
  }
  for (const [path, allowed] of methods) {
    app.all(path, (request) => {
      throw new MethodNotAllowed(request.method, allowed);
    });
  }
}
