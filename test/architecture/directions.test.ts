import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findCycles } from '../../scripts/architecture/cycles.ts';
import { findRefusal, importedFile, layerOf } from '../../scripts/architecture/directions.ts';
import { importsOf, sourceFiles } from '../../scripts/architecture/imports.ts';

const projectDir = dirname(dirname(import.meta.dirname));
const files = sourceFiles(projectDir);
const imports = files.flatMap((file) => importsOf(projectDir, file));

describe('the directions of docs/architecture.md hold in every file', () => {
  test('there are files and imports to look at, and every file has its layer', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(100);
    expect(files.filter((file) => !layerOf(file))).toEqual([]);
  });

  test('no import goes in a direction it must not', () => {
    const refusals = imports.map((found) => ({ file: found.file, refusal: findRefusal(found) }));
    expect(refusals.filter(({ refusal }) => refusal !== undefined)).toEqual([]);
  });

  test('every relative import names a file that exists', () => {
    const targets = imports.map((found) => importedFile(found)).filter((target) => target !== undefined);
    expect(targets.filter((target) => !existsSync(join(projectDir, target)))).toEqual([]);
  });

  test('no file imports itself by a round about way', () => {
    const graph = new Map<string, string[]>(files.map((file) => [file, []]));
    for (const found of imports) {
      const target = importedFile(found);
      if (target) graph.get(found.file)?.push(target);
    }
    expect(findCycles(graph)).toEqual([]);
  });
});

describe('the rules refuse what they are there to refuse', () => {
  test.each([
    ['shared/program-definition.ts', 'zod', 'shared takes nothing from npm'],
    ['shared/program-definition.ts', 'node:fs', 'shared takes nothing from Node'],
    ['shared/contracts/programs.ts', '../../backend/src/ids.ts', 'contracts are below the service'],
    ['backend/src/crm/hubspot/gateway.ts', '../salesforce/gateway.ts', 'the CRMs do not know each other'],
    ['backend/src/crm/salesforce/gateway.ts', '../../referrals/enrol.ts', 'a CRM does not know the domain'],
    ['backend/src/crm/hubspot/gateway.ts', '../../db/database.ts', 'a CRM keeps nothing'],
    ['backend/src/crm/port.ts', './hubspot/gateway.ts', 'the port does not know its adapters'],
    ['backend/src/rewards/earned-rewards.ts', '../db/database.ts', 'only stores touch the database'],
    ['backend/src/rewards/earned-rewards.ts', 'node:fs', 'the domain does no I/O'],
    ['backend/src/rewards/earned-rewards.ts', 'knex', 'the domain uses no library'],
    ['backend/src/rewards/earned-rewards.ts', '../crm/hubspot/mapping.ts', 'the domain does not know HubSpot'],
    ['backend/src/rewards/earned-rewards.ts', '../config.ts', 'the domain knows no environment'],
    ['backend/src/ingest/accept-signals.ts', '../http/server.ts', 'processing does not know the edge'],
    ['backend/src/http/server.ts', '../main.ts', 'nothing imports main'],
    ['backend/src/http/server.ts', '../../../sandbox/hubspot/world.ts', 'the service does not know the sandbox'],
    ['sandbox/hubspot/world.ts', '../../shared/crm-fields.ts', 'the sandbox shares no words with the service'],
    ['sandbox/hubspot/world.ts', '../../backend/src/clock.ts', 'the sandbox shares no code with the service'],
    ['backend/src/novelty/thing.ts', 'zod', 'a new folder has no layer yet'],
  ])('%s ← %s (%s)', (file, specifier) => {
    expect(findRefusal({ file, specifier, typeOnly: false })).toBeDefined();
  });

  test.each([
    ['shared/contracts/programs.ts', 'zod', false],
    ['backend/src/rewards/rewards-store.ts', '../db/database.ts', false],
    ['backend/src/rewards/earned-rewards.ts', '../db/database.ts', true],
    ['backend/src/rewards/earned-rewards.ts', '../../../shared/program-definition.ts', false],
    ['backend/src/crm/hubspot/gateway.ts', '../port.ts', false],
    ['backend/src/main.ts', './http/server.ts', false],
  ])('but %s may import %s', (file, specifier, typeOnly) => {
    expect(findRefusal({ file, specifier, typeOnly })).toBeUndefined();
  });

  test('a cycle is found', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
    ]);
    expect(findCycles(graph)).toEqual([['b', 'c', 'b']]);
  });
});
