import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStage, type Stage } from '../journeys/stage.ts';
import { businessLines } from './business-lines.ts';
import type { CrmWorlds } from './crm-world.ts';
import { endingOf } from './ending.ts';
import { hubspotWorlds } from './hubspot-world.ts';
import { DAY_MS, Play } from './play.ts';
import type { Ending, Scenario } from './scenario.ts';
import { salesforceWorlds } from './salesforce-world.ts';
import { SCENARIOS } from './scenarios.ts';

const DAYS_EACH = 60;
const BEGINNING_MS = Date.parse('2026-11-02T09:00:00.000Z');

let stages: readonly Stage[];
let worlds: readonly CrmWorlds[];

/** Each CRM has a service, a clock and an empty database of its own. */
beforeAll(async () => {
  const [hubspot, salesforce] = [await openStage(), await openStage({ crms: ['salesforce'] })];
  stages = [hubspot, salesforce];
  worlds = [hubspotWorlds(hubspot), salesforceWorlds(salesforce)];
});

afterAll(async () => {
  for (const stage of stages) await stage.close();
});

type Played = { readonly expected: Ending; readonly ending: Ending; readonly lines: readonly string[] };

/** A scenario from its first moment to its last in a workspace of its own, which is left afterwards. */
async function playIn(world: CrmWorlds, scenario: Scenario, at: number): Promise<Played> {
  const { clock } = world.stage;
  clock.advance(BEGINNING_MS + at * DAYS_EACH * DAY_MS - clock.now());
  world.calm();
  const account = await world.open(scenario.account);
  const play = await Play.begin(account, scenario.program);
  const expected = await scenario.steps(play);
  const { workspaceId, connectionId } = play.tenant;
  const lines = await businessLines(account, workspaceId, play.names());
  const ending = await endingOf(play, Object.keys(expected));
  await play.tenant.api('DELETE', `/connections/${connectionId}`);
  return { expected, ending, lines };
}

/** Those that concern the parts there are so far, and that both CRMs have. */
const EDGE_CASES = [
  ...['E1', 'E2', 'E3', 'E4', 'E5', 'E6', 'E7', 'E8', 'E9', 'E10', 'E11', 'E12', 'E13', 'E14', 'E15', 'E16', 'E17'],
  ...['E18', 'E19', 'E20', 'E23', 'E24', 'E26', 'E27', 'E28', 'E29', 'E30', 'E34', 'E37', 'E38'],
];

test('the scenarios cover the edge cases that both CRMs have', () => {
  const covered = new Set(SCENARIOS.flatMap(({ covers }) => covers));
  expect(EDGE_CASES.filter((id) => !covered.has(id))).toEqual([]);
  expect(new Set(SCENARIOS.map(({ id }) => id)).size).toBe(SCENARIOS.length);
  expect(SCENARIOS.length).toBeGreaterThanOrEqual(40);
});

test.each(SCENARIOS.map((scenario, at) => [titleOf(scenario), scenario, at] as const))(
  '%s',
  async (_title, scenario, at) => {
    const played: Played[] = [];
    for (const world of worlds) {
      const { expected, ending, lines } = await playIn(world, scenario, at);
      expect(ending, world.crm).toEqual(expected);
      played.push({ expected, ending, lines });
    }
    const [first, ...others] = played;
    for (const other of others) expect(other.lines).toEqual(first?.lines);
  },
);

function titleOf({ id, sentence, covers }: Scenario): string {
  return `${id}: ${sentence} (${covers.slice(0, 3).join(', ')})`;
}
