import type { Database } from '../../backend/src/db/database.ts';
import type { PageSettings } from '../../shared/page-settings.ts';
import { DEFINITION, seedWorkspace, type Seed } from '../http/seed.ts';
import { createWorkspace, NOW } from '../http/test-server.ts';

/** What a real browser calls itself; a request without it counts as a robot's. */
export const BROWSER =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';

export type PublishedPage = Seed & {
  readonly workspaceId: string;
  /** Publishes the program again with these page settings laid over the last ones. */
  publish(page: Partial<PageSettings>, rest?: object): Promise<void>;
};

/** A workspace with a published program and an advocate, whose friends sign up on the program's own page. */
export async function publishPage(
  database: Database,
  of: { readonly letter: string; readonly account: string },
  page: Partial<PageSettings> = {},
): Promise<PublishedPage> {
  const workspaceId = `ws_page_${of.letter}`;
  await createWorkspace(database, workspaceId);
  const seed = await seedWorkspace(database, workspaceId, of);
  let version = 1;
  let definition: object = { ...DEFINITION, landingUrl: null };
  let settings: object = DEFINITION.page;
  const publish: PublishedPage['publish'] = async (more, rest = {}) => {
    version += 1;
    settings = { ...settings, ...more };
    definition = { ...definition, ...rest, page: settings };
    await database.inWorkspace(workspaceId, async (tx) => {
      await tx('program_versions').insert({
        workspace_id: workspaceId,
        program_id: seed.programId,
        version,
        definition: JSON.stringify(definition),
        published_by: 'test',
        published_at: new Date(NOW),
      });
      await tx('programs').where({ id: seed.programId }).update({ published_version: version });
    });
  };
  await publish(page);
  return { ...seed, workspaceId, publish };
}
