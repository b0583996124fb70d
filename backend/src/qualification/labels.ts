import type { ProgramObject } from '../../../shared/person-fields.ts';
import type { FieldDescription } from '../crm/port.ts';
import type { CrmSchema } from '../workspaces/connections-store.ts';
import type { Labels } from './explain.ts';

/** Names for ids, and the zone days are told in, from the account's pipelines and fields as last read; an unknown id has none. */
export function labelsOf(schema: CrmSchema, timeZone: string | null = null): Labels {
  const stages = new Map(
    (schema.pipelines ?? []).flatMap((pipeline) =>
      pipeline.stages.map((stage): [string, string] => [`${pipeline.id}:${stage.id}`, stage.label]),
    ),
  );
  const fields: Readonly<Record<ProgramObject, ReadonlyMap<string, FieldDescription>>> = {
    contact: byName(schema.contactFields),
    lead: byName(schema.leadFields),
    company: byName(schema.companyFields),
    deal: byName(schema.dealFields),
  };
  return {
    stage: (pipelineId, stageId) => stages.get(`${pipelineId}:${stageId}`) ?? null,
    field: (object, name) => fields[object].get(name)?.label ?? null,
    option: (object, name, value) =>
      fields[object].get(name)?.options.find((option) => option.value === value)?.label ?? null,
    timeZone,
  };
}

function byName(fields: readonly FieldDescription[] = []): ReadonlyMap<string, FieldDescription> {
  return new Map(fields.map((field) => [field.name, field]));
}
