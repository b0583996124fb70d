import type { ListDefinition } from '../state/crm-list.ts';
import type { Portal } from '../state/state.ts';
import type { World } from '../world.ts';

const HAPPY = 24;

/** Three lists as a small business keeps them: one picked by hand, two that fill themselves. */
export function seedLists(world: World, portal: Portal): void {
  const atMs = world.clock.now();
  const { portalId } = portal;
  const createdById = String(portal.owners[0]?.userId ?? 1);
  const create = (list: Omit<ListDefinition, 'createdById'>): void =>
    world.store.commit({ kind: 'list.created', portalId, list: { ...list, createdById }, atMs });

  create({ listId: '1', name: 'Happy customers', objectTypeId: '0-1', processingType: 'MANUAL', filters: [] });
  const customers = [...portal.objects['0-1'].records.values()].filter(
    ({ values }) => values['lifecyclestage'] === 'customer',
  );
  const added = customers.filter((_, index) => index % 3 === 0).slice(0, HAPPY);
  world.store.commit({
    kind: 'list.members',
    portalId,
    listId: '1',
    added: added.map(({ id }) => id),
    removed: [],
    atMs,
  });
  create({
    listId: '2',
    name: 'All customers',
    objectTypeId: '0-1',
    processingType: 'DYNAMIC',
    filters: [{ propertyName: 'lifecyclestage', operator: 'EQ', value: 'customer' }],
  });
  create({
    listId: '3',
    name: 'Software companies',
    objectTypeId: '0-2',
    processingType: 'DYNAMIC',
    filters: [{ propertyName: 'industry', operator: 'EQ', value: 'Software' }],
  });
}
