import type { CrmSchema } from '../workspaces/connections-store.ts';
import type { Labels } from './explain.ts';

/** Names for ids, from the account's pipelines and fields as last read; an unknown id has none. */
export function labelsOf(schema: CrmSchema): Labels {
  const stages = new Map(
    (schema.pipelines ?? []).flatMap((pipeline) =>
      pipeline.stages.map((stage): [string, string] => [`${pipeline.id}:${stage.id}`, stage.label]),
    ),
  );
  const fields = new Map((schema.contactFields ?? []).map((field) => [field.name, field]));
  return {
    stage: (pipelineId, stageId) => stages.get(`${pipelineId}:${stageId}`) ?? null,
    field: (object, name) => (object === 'contact' ? (fields.get(name)?.label ?? null) : null),
    option: (object, name, value) =>
      object === 'contact' ? (fields.get(name)?.options.find((option) => option.value === value)?.label ?? null) : null,
  };
}
