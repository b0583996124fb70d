import type { HubSpotAccount } from '../reading/people.ts';
import { labelsOf } from '../reading/labels.ts';
import { money } from '../page/words.ts';
import { SHOWN_TYPES } from './shown-types.ts';
import type { ShownType } from './shown-types.ts';

export type SeenRecord = NonNullable<ReturnType<HubSpotAccount['get']>>;

export interface RecordLink {
  type: ShownType;
  id: string;
  name: string;
  /** what tells two of the same name apart */
  detail: string;
}

export interface EditableField {
  name: string;
  label: string;
  value: string;
  /** of a choice; null for a text */
  options: { value: string; label: string }[] | null;
}

export interface OwnProperty {
  name: string;
  label: string;
  /** as HubSpot holds it */
  value: string;
  /** as people read it */
  shown: string;
  isInstant: boolean;
  changedAtMs: number;
}

export interface Stage {
  id: string;
  label: string;
  isCurrent: boolean;
  /** the deal went through it, or is in it */
  isReached: boolean;
}

export interface PageRecord {
  type: ShownType;
  id: string;
  name: string;
  subtitle: string;
  fields: EditableField[];
  /** of Passalong's group: those with a value, and how many have none */
  own: OwnProperty[];
  emptyOwn: string[];
  linked: { type: ShownType; records: RecordLink[]; total: number }[];
  /** of deals only */
  pipeline: { label: string; stages: Stage[] } | null;
  activity: { atMs: number; text: string; who: string }[];
  /** every property that has a value */
  properties: Record<string, string>;
}

const OWN_GROUP = 'passalong';
const MOST_LINKED = 8;
const MOST_ACTIVITY = 25;

export function nameOfRecord({ names, noun }: ShownType, { id, properties }: SeenRecord): string {
  const name = names
    .map((property) => properties[property])
    .filter(Boolean)
    .join(' ');
  return name || properties['email'] || `Unnamed ${noun} ${id}`;
}

/** Null where the id leads nowhere or to an archived record; an id that was merged away leads to the survivor. */
export function readRecord(account: HubSpotAccount, type: ShownType, id: string): PageRecord | null {
  const record = account.get(type.plural, id);
  if (!record || record.archived) return null;
  const { properties } = record;
  const definitions = account.properties(type.plural).filter(({ archived }) => !archived);
  const own = definitions.filter(({ groupName }) => groupName === OWN_GROUP);
  const valueOf = (name: string): string => properties[name] ?? '';
  return {
    type,
    id: record.id,
    name: nameOfRecord(type, record),
    subtitle: subtitleOf(account, type, record),
    fields: type.editable.flatMap((name) => {
      const definition = definitions.find((candidate) => candidate.name === name);
      if (!definition) return [];
      const options = definition.options.map(({ value, label }) => ({ value, label }));
      return [{ name, label: definition.label, value: valueOf(name), options: options.length > 0 ? options : null }];
    }),
    own: own.flatMap(({ name, label, type: valueType, options }) => {
      const value = valueOf(name);
      const shown = options.find((option) => option.value === value)?.label ?? value;
      const changedAtMs = record.history[name]?.at(-1)?.atMs ?? 0;
      return value === '' ? [] : [{ name, label, value, shown, isInstant: valueType === 'datetime', changedAtMs }];
    }),
    emptyOwn: own.filter(({ name }) => valueOf(name) === '').map(({ label }) => label),
    linked: linkedRecords(account, type, record),
    pipeline: type.id === '0-3' ? pipelineOf(account, properties) : null,
    activity: activityOf(account, type, record),
    properties: Object.fromEntries(
      Object.entries(properties).filter((pair): pair is [string, string] => pair[1] !== null),
    ),
  };
}

function subtitleOf(account: HubSpotAccount, type: ShownType, { properties }: SeenRecord): string {
  if (type.id !== '0-3') return type.subtitle.flatMap((name) => properties[name] ?? []).join(' · ');
  const amount = properties['amount'];
  const stage = labelsOf(account).stage(properties['pipeline'] ?? '', properties['dealstage'] ?? '');
  return [amount ? money(amount, properties['deal_currency_code'] ?? '') : 'No amount', stage].join(' · ');
}

/** Short: it stands in a narrow column. */
function detailOf(account: HubSpotAccount, type: ShownType, record: SeenRecord): string {
  const { properties } = record;
  if (type.id === '0-1') return properties['email'] ?? '';
  return type.id === '0-2' ? (properties['domain'] ?? '') : subtitleOf(account, type, record);
}

function linkedRecords(account: HubSpotAccount, from: ShownType, record: SeenRecord): PageRecord['linked'] {
  return SHOWN_TYPES.filter(({ id }) => id !== from.id || id === '0-1').flatMap((type) => {
    const records = (record.associations[type.plural] ?? []).flatMap((id) => {
      const other = account.get(type.plural, id);
      if (!other || other.archived) return [];
      return [{ type, id, name: nameOfRecord(type, other), detail: detailOf(account, type, other) }];
    });
    if (records.length === 0 && type.id === from.id) return [];
    return [{ type, records: records.slice(0, MOST_LINKED), total: records.length }];
  });
}

function pipelineOf(account: HubSpotAccount, properties: SeenRecord['properties']): PageRecord['pipeline'] {
  const pipeline = account.pipelines().find(({ id }) => id === (properties['pipeline'] ?? 'default'));
  if (!pipeline) return null;
  const at = pipeline.stages.findIndex(({ id }) => id === properties['dealstage']);
  const stages = pipeline.stages.map(({ id, label, isClosed }, index) => {
    const isCurrent = index === at;
    // A lost deal was not won on its way.
    return { id, label, isCurrent, isReached: isCurrent || (index < at && isClosed !== 'true') };
  });
  return { label: pipeline.label, stages };
}

/** What happened to the properties people know, newest first. */
function activityOf(account: HubSpotAccount, type: ShownType, record: SeenRecord): PageRecord['activity'] {
  const labels = labelsOf(account);
  const definitions = new Map(account.properties(type.plural).map((property) => [property.name, property]));
  return Object.entries(record.history)
    .flatMap(([name, versions]) => {
      const definition = definitions.get(name);
      if (!definition || definition.calculated || name.endsWith('_date')) return [];
      return versions.map(({ value, atMs, sourceType }) => {
        const option = definition.options.find((candidate) => candidate.value === value)?.label;
        const shown = name === 'dealstage' ? labels.stage(record.properties['pipeline'] ?? '', value) : option;
        const text = value === '' ? `${definition.label} was cleared` : `${definition.label}: ${shown ?? value}`;
        return { atMs, text, who: WHO[sourceType] ?? 'HubSpot' };
      });
    })
    .sort((one, two) => two.atMs - one.atMs)
    .slice(0, MOST_ACTIVITY);
}

const WHO: Readonly<Record<string, string>> = { CRM_UI: 'a rep', IMPORT: 'an import', INTEGRATION: 'Passalong' };
