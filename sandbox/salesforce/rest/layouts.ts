import { notFound } from '../errors.ts';
import { dataCall, ok } from '../http/exchange.ts';
import type { Exchange, Reply } from '../http/exchange.ts';
import { makeId, readId } from '../ids.ts';
import type { Field, PicklistValue } from '../schema/field.ts';
import type { ObjectType } from '../schema/object-type.ts';
import { visibleFields } from '../state/access.ts';
import type { Org } from '../state/org.ts';
import { recordTypeInfos } from './describe.ts';
import { typeInPath } from './find-type.ts';

const LAYOUT_ID = makeId('00h', 'Qy', 1);

/** GET /sobjects/:object/describe/layouts: the layouts, and per record type which picklist values it offers. */
export function describeLayouts(exchange: Exchange): Reply {
  const { org, version } = dataCall(exchange);
  const type = typeInPath(org, exchange.params['object'] ?? '');
  const infos = recordTypeInfos(org, type, version);
  const several = infos.length > 1;
  return ok({
    // With several record types each has its layout at an address of its own.
    layouts: several ? null : [LAYOUT],
    recordTypeMappings: infos.map((info) => ({
      ...info,
      layoutId: LAYOUT_ID,
      picklistsForRecordType: picklistsFor(org, type, String(info['recordTypeId'])),
    })),
    recordTypeSelectorRequired: [several],
  });
}

/** GET /sobjects/:object/describe/layouts/:recordTypeId: one layout, and nothing about picklists. */
export function describeLayout(exchange: Exchange): Reply {
  const { org, version } = dataCall(exchange);
  const type = typeInPath(org, exchange.params['object'] ?? '');
  const id = readId(exchange.params['recordTypeId']);
  if (!recordTypeInfos(org, type, version).some(({ recordTypeId }) => recordTypeId === id)) throw notFound();
  return ok(LAYOUT);
}

const LAYOUT = {
  buttonLayoutSection: { detailButtons: [] },
  detailLayoutSections: [],
  editLayoutSections: [],
  feedView: null,
  highlightsPanelLayoutSection: null,
  id: LAYOUT_ID,
  multirowEditLayoutSections: [],
  offlineLinks: [],
  quickActionList: { quickActionListItems: [] },
  relatedContent: null,
  relatedLists: [],
  saveOptions: [],
};

function picklistsFor(org: Org, type: ObjectType, recordTypeId: string) {
  return visibleFields(org, type)
    .filter((field) => field.type === 'picklist')
    .map((field) => ({
      picklistName: field.name,
      picklistValues: offered(org, field, recordTypeId).map((value) => ({ ...value, validFor: null })),
    }));
}

/** Only active values are listed; a record type may offer fewer stages than there are. */
function offered(org: Org, field: Field, recordTypeId: string): PicklistValue[] {
  const stages = field.name === 'StageName' ? org.recordTypeStages.get(recordTypeId) : undefined;
  return field.picklistValues.filter(({ value, active }) => active && (stages?.includes(value) ?? true));
}
