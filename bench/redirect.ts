import { quantile, sendSteadily } from './open-loop.ts';
import type { BenchStage } from './stage.ts';

export type RedirectResult = { readonly p50Ms: number; readonly p99Ms: number; readonly floorP99Ms: number };

const PER_SECOND = 500;
const SECONDS = 20;
const CODES = 1_000;
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36';

/** `GET /r/:code` as browsers send it, 500 a second whatever the answers take; the floor is `GET /health` the same way. */
export async function measureRedirect(stage: BenchStage): Promise<RedirectResult> {
  const answer = await stage.database.inWorkspace(stage.workspaceId, (tx) =>
    tx<{ code: string }>('advocates').select('code').limit(CODES),
  );
  const codes = answer.map(({ code }) => code);
  const headers = () => ({ 'user-agent': BROWSER });
  const every = { publicUrl: stage.publicUrl, perSecond: PER_SECOND, headers };
  const redirect = { ...every, expect: 302, path: (index: number) => `/r/${codes[index % codes.length]}` };
  await sendSteadily({ ...redirect, seconds: 2 });
  const floor = await sendSteadily({ ...every, seconds: SECONDS, expect: 200, path: () => '/health' });
  const ours = await sendSteadily({ ...redirect, seconds: SECONDS });
  return { p50Ms: quantile(ours, 0.5), p99Ms: quantile(ours, 0.99), floorP99Ms: quantile(floor, 0.99) };
}
