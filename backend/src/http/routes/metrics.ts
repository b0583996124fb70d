import type { RequestHandler } from 'express';
import type { Metrics } from '../../observability/metrics.ts';

/** Prometheus text. No label names a tenant, so there is nothing to hide. */
export function metricsText(metrics: Metrics): RequestHandler {
  return async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  };
}
