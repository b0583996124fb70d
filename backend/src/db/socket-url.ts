import { socketPort } from './socket-directory.ts';

type SocketUrlInput = { user: string; database: string; socketDir: string };

/**
 * A connection string for a unix socket that pg, knex and libpq all read alike. The host before the path is never used
 * (the `host` parameter wins), but knex takes a URL without one for a SQLite file. Port and TLS are spelt out so that
 * PGPORT or PGSSLMODE in someone's shell cannot change them.
 */
export function socketUrl({ user, database, socketDir }: SocketUrlInput): string {
  const host = encodeURIComponent(socketDir);
  return `postgres://${user}@localhost/${database}?host=${host}&port=${socketPort}&sslmode=disable`;
}
