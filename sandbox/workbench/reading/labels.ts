import type { HubSpotAccount } from './people.ts';

/** What people in this HubSpot account call a property or a value; the internal name where there is no label. */
export interface Labels {
  field(object: 'contact' | 'deal', name: string): string;
  value(field: { object: 'contact' | 'deal'; name: string }, value: string): string;
  pipeline(id: string): string;
  stage(pipelineId: string, stageId: string): string;
}

export function labelsOf(account: HubSpotAccount): Labels {
  const definition = (object: string, name: string) =>
    account.properties(`${object}s`).find((property) => property.name === name);
  const pipeline = (id: string) => account.pipelines().find((candidate) => candidate.id === id);
  return {
    field: (object, name) => definition(object, name)?.label ?? name,
    value: ({ object, name }, value) =>
      definition(object, name)?.options.find((option) => option.value === value)?.label ?? value,
    pipeline: (id) => pipeline(id)?.label ?? id,
    stage: (pipelineId, stageId) => pipeline(pipelineId)?.stages.find(({ id }) => id === stageId)?.label ?? stageId,
  };
}
