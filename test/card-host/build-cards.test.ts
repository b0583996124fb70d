import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildCards } from '../../sandbox/card-host/build-cards.ts';
import { projectDir } from './card-page.ts';

describe("the cards of a HubSpot project are built with HubSpot's builder", () => {
  let directory: string;
  let cacheDir: string;

  beforeEach(() => {
    // Beside the fixture, so that the packages are found from there as well.
    directory = mkdtempSync(join(import.meta.dirname, 'project-'));
    cacheDir = mkdtempSync(join(tmpdir(), 'passalong-cards-'));
    for (const file of ['hsproject.json', 'src/app/cards/package.json']) {
      cpSync(join(projectDir, file), join(directory, file));
    }
    for (const file of ['behaviour-hsmeta.json', 'behaviour.tsx']) {
      cpSync(join(projectDir, 'src/app/cards', file), source(file));
    }
  });

  afterEach(() => {
    rmSync(directory, { recursive: true, force: true });
    rmSync(cacheDir, { recursive: true, force: true });
  });

  const source = (name: string): string => join(directory, 'src/app/cards', name);
  const build = () => buildCards({ projectDir: directory, cacheDir });

  test('a card comes with what its file declares and with the properties HubSpot found in it', async () => {
    const [card] = await build();
    expect(card).toMatchObject({
      uid: 'behaviour',
      name: 'Card with behaviour',
      location: 'crm.record.sidebar',
      objectTypes: ['contacts'],
      entrypoint: '/app/cards/behaviour.tsx',
    });
    expect(card?.bundleName).toMatch(/^cards\/behaviour\.[0-9a-f]{12}\.js$/);
    expect(card?.bundle).toContain('RemoteUI');
    expect(JSON.stringify(card?.dataDeps)).toContain('lifecyclestage');
  });

  test('two cards with one entrypoint share its bundle', async () => {
    const twin = {
      uid: 'twin',
      type: 'card',
      config: { name: 'Twin', location: 'crm.preview', entrypoint: '/app/cards/behaviour.tsx' },
    };
    writeFileSync(source('twin-hsmeta.json'), JSON.stringify(twin));
    const [one, other] = await build();
    expect(other?.uid).toBe('twin');
    expect(other?.bundleName).toBe(one?.bundleName);
    expect(readdirSync(cacheDir)).toHaveLength(1);
  });

  test('what has not changed is taken from the cache, and what has changed is built again', async () => {
    const [first] = await build();
    const made = () => readdirSync(cacheDir).map((name) => statSync(join(cacheDir, name)).mtimeMs);
    const before = made();
    expect((await build())[0]?.bundleName).toBe(first?.bundleName);
    expect(made()).toEqual(before);
    writeFileSync(source('words.ts'), 'export const word = 1;\n');
    expect((await build())[0]?.bundleName).not.toBe(first?.bundleName);
    expect(made()).toHaveLength(2);
  });

  test.each([
    ['a module that is not there', "import { nothing } from './nothing.ts';\nconsole.log(nothing);\n", './nothing.ts'],
    ['a syntax error', 'export const broken = <Text>;\n', 'behaviour.tsx'],
    ['a require', "const words = require('./words');\nself.words = words;\n", 'require statements are not supported'],
  ])('a card with %s is refused with its file and the reason', async (_what, text, reason) => {
    writeFileSync(source('behaviour.tsx'), text);
    await expect(build()).rejects.toMatchObject({
      name: 'CardBuildError',
      file: source('behaviour.tsx'),
      message: expect.stringContaining(reason),
    });
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  test('a card file that names no existing entrypoint is refused', async () => {
    rmSync(source('behaviour.tsx'));
    await expect(build()).rejects.toThrow('names /app/cards/behaviour.tsx, which does not exist');
  });
});
