import { objectTypeOf } from '../crm/object-types.ts';
import { changedDefinition, newDefinition } from '../crm/property-input.ts';
import { notFound } from '../errors.ts';
import type { Pipeline } from '../schema/pipelines.ts';
import type { PropertyDefinition } from '../schema/property-definition.ts';
import type { CrmUser } from './crm-user.ts';

/** Low on purpose: HubSpot's own ids are, too, and the two overlap. */
const FIRST_OWN_LABEL = 3;

/** What an account's administrator does in its settings: our fields are not safe from it. */
export function adminActions({ world, portal }: CrmUser) {
  const { portalId } = portal;
  const named = (typeName: string, name: string): PropertyDefinition => {
    const property = portal.objects[objectTypeOf(typeName).id].properties.get(name);
    if (!property || property.archived) throw notFound(`There is no property ${name}`);
    return property;
  };
  const save = (typeName: string, property: PropertyDefinition): void =>
    world.store.commit({ kind: 'property.saved', portalId, type: objectTypeOf(typeName).id, property });
  return {
    /** `definition` as the Properties API takes it */
    createProperty: (type: string, definition: Record<string, unknown>): void =>
      save(type, newDefinition(definition, world.clock.now())),
    /** `change` as a PATCH of the Properties API takes it */
    changeProperty: (type: string, name: string, change: Record<string, unknown>): void =>
      save(type, changedDefinition(named(type, name), change, world.clock.now())),
    archiveProperty: (type: string, name: string): void =>
      save(type, { ...named(type, name), archived: true, updatedAtMs: world.clock.now() }),
    /** a label for both directions; answers its id in the first, as the API shows it */
    createAssociationLabel(fromName: string, toName: string, label: string): number {
      const [from, to] = [objectTypeOf(fromName).id, objectTypeOf(toName).id];
      const typeId = Math.max(FIRST_OWN_LABEL - 1, ...portal.ownAssociationTypes.keys()) + 1;
      const inverseTypeId = typeId + 1;
      const types = [
        { typeId, label, from, to, inverseTypeId },
        { typeId: inverseTypeId, label, from: to, to: from, inverseTypeId: typeId },
      ];
      world.store.commit({ kind: 'associationTypes.saved', portalId, types });
      return typeId;
    },
    /** adds a deal pipeline or replaces the one with its id */
    savePipeline: (pipeline: Pipeline): void => world.store.commit({ kind: 'pipeline.saved', portalId, pipeline }),
  };
}
