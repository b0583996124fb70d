import pg from 'pg';
import { startEmbeddedPostgres } from '../../backend/src/db/embedded-postgres.ts';

/**
 * Stands in for the service: a process that starts the embedded server, says so, and then commits numbered rows, printing
 * each number once PostgreSQL has acknowledged it, until somebody kills it.
 */
const dataDir = process.argv[2];
if (!dataDir) throw new Error('server-owner needs a data directory.');

const server = await startEmbeddedPostgres({ dataDir });
const client = new pg.Client({ connectionString: server.ownerUrl });
client.on('error', () => undefined);
await client.connect();
await client.query('create table if not exists acknowledged (number int primary key)');
console.log('ready');
for (let number = 1; ; number += 1) {
  await client.query('insert into acknowledged values ($1)', [number]);
  console.log(number);
}
