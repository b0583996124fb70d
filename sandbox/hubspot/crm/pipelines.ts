import { isoInstant } from '../clock.ts';
import { notFound } from '../errors.ts';
import { ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import type { Pipeline, Stage } from '../schema/pipelines.ts';
import type { Portal } from '../state/state.ts';
import { subjectOf } from './scope.ts';

function renderStage(stage: Stage, at: string): Record<string, unknown> {
  return {
    id: stage.id,
    label: stage.label,
    displayOrder: stage.displayOrder,
    metadata: { isClosed: stage.isClosed, probability: stage.probability },
    createdAt: at,
    updatedAt: at,
    archived: false,
    writePermissions: 'CRM_PERMISSIONS_ENFORCEMENT',
  };
}

function renderPipeline(pipeline: Pipeline, portal: Portal): Record<string, unknown> {
  const at = isoInstant(portal.createdAtMs);
  const { id, label, displayOrder } = pipeline;
  return {
    id,
    label,
    displayOrder,
    stages: pipeline.stages.map((stage) => renderStage(stage, at)),
    createdAt: at,
    updatedAt: at,
    archived: false,
  };
}

function pipelinesOf(exchange: Exchange): { portal: Portal; pipelines: Map<string, Pipeline> } {
  const { portal, type } = subjectOf(exchange);
  // Contacts have pipelines too (lifecycle stages) but nothing of ours reads them.
  return { portal, pipelines: type.id === '0-3' ? portal.dealPipelines : new Map<string, Pipeline>() };
}

/** GET /crm/pipelines/2026-09/{type} */
export function listPipelines(exchange: Exchange): Reply {
  const { portal, pipelines } = pipelinesOf(exchange);
  return ok({ results: [...pipelines.values()].map((pipeline) => renderPipeline(pipeline, portal)) });
}

/** GET …/{pipelineId} */
export function readPipeline(exchange: Exchange): Reply {
  const { portal, pipelines } = pipelinesOf(exchange);
  const pipeline = pipelines.get(exchange.params['pipelineId'] ?? '');
  if (!pipeline) throw notFound();
  return ok(renderPipeline(pipeline, portal));
}

/** GET …/{pipelineId}/stages */
export function listStages(exchange: Exchange): Reply {
  const { portal, pipelines } = pipelinesOf(exchange);
  const pipeline = pipelines.get(exchange.params['pipelineId'] ?? '');
  if (!pipeline) throw notFound();
  const at = isoInstant(portal.createdAtMs);
  return ok({ results: pipeline.stages.map((stage) => renderStage(stage, at)) });
}
