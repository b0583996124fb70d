import type { Knex } from 'knex';

const NEW_SETTINGS = {
  capture: { in: 'both', personAs: 'contact' },
  decisions: { authority: { person: 'either', company: 'either', deal: 'either' } },
};

const KEPT = [
  ['programs', 'draft'],
  ['program_versions', 'definition'],
] as const;

/**
 * What programs meant until now: there was one CRM, and people were its contacts. Besides, deals and our records of
 * referrals get values written as contacts do: nothing but the kind of record tells the rows apart.
 */
export async function up(knex: Knex): Promise<void> {
  for (const [table, column] of KEPT) {
    for (const [part, settings] of Object.entries(NEW_SETTINGS)) {
      await knex.raw(
        `update ${table} set ${column} = jsonb_set(${column}, ?::text[], ?::jsonb || (${column} -> ?))
          where ${column} -> ? is not null`,
        [`{${part}}`, JSON.stringify(settings), part, part],
      );
    }
  }
}

export async function down(knex: Knex): Promise<void> {
  for (const [table, column] of KEPT) {
    await knex.raw(
      `update ${table} set ${column} = ${column} #- '{capture,in}' #- '{capture,personAs}' #- '{decisions,authority}'`,
    );
  }
}
