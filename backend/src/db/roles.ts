import pg from 'pg';

export const ownerRole = 'passalong_owner';
export const appRole = 'passalong_app';
export const databaseName = 'passalong';

/** Any fixed number: it only has to be the same for every process that sets up roles. */
const setupLock = 7_240_001;

/**
 * Creates what is missing and repairs what differs, at every start: a first start killed half way needs no other cure.
 * Neither role may pass row-level security; the owner runs migrations, the application role serves requests.
 */
export async function createRolesAndDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'passalong set-up' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [setupLock]);
    for (const role of [ownerRole, appRole]) {
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role]);
      const verb = rowCount ? 'alter' : 'create';
      await client.query(`${verb} role ${role} login nosuperuser nobypassrls nocreaterole nocreatedb noreplication`);
    }
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName]);
    if (!rowCount) await client.query(`create database ${databaseName} owner ${ownerRole} template template0`);
    await client.query(`revoke all on database ${databaseName} from public`);
    await client.query(`grant connect on database ${databaseName} to ${appRole}`);
  } finally {
    await client.end();
  }
}
