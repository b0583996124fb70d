import { describe, expect, test } from 'vitest';
import { checks } from '../../scripts/checks/checks.ts';
import { runCardCheck, smallProject } from './small-project.ts';

const drawn = (before: string, inside: string): string =>
  `import { hubspot, Text } from '@hubspot/ui-extensions';\n${before}\nhubspot.extend<'crm.record.tab'>(() => ${inside});\n`;
const text = (value: string): string => `<Text>{String(${value})}</Text>`;

test('npm run check looks at our cards', () => {
  const named = checks.map(({ name }) => name);
  expect(named).toEqual(
    expect.arrayContaining([
      'hubspot project',
      'card lint',
      'card types',
      'card build',
      'card test types',
      'card host types',
    ]),
  );
});

test.each(['card lint', 'card types', 'card build'])('our own cards pass the %s', async (check) => {
  expect(await runCardCheck(check, 'hubspot-app')).toMatchObject({ ok: true });
});

describe('a small card that keeps the rules', () => {
  test.each(['card lint', 'card types', 'card build'])('passes the %s', async (check) => {
    expect(await runCardCheck(check, smallProject({}))).toMatchObject({ ok: true });
  });
});

test('a card that uses what a worker does not have is refused by HubSpot’s own lint rules', async () => {
  const bad: Record<string, [rule: string, source: string]> = {
    'Div.tsx': ['no-html-elements', drawn('', '<div>Fine</div>')],
    'Fetch.tsx': ['no-native-http', drawn('void fetch("https://passalong.example.com");', text('1'))],
    'Storage.tsx': ['no-browser-storage', drawn('', text('localStorage.length'))],
    'Alert.tsx': ['no-browser-dialogs', drawn('alert("Hello");', text('1'))],
    'Page.tsx': ['no-dom-access', drawn('', text('document.title'))],
    'Console.tsx': ['no-console', drawn('console.log("drawn");', text('1'))],
    'Parent.tsx': ['no-parent-imports', drawn("import { secret } from '../../secret.ts';", text('secret'))],
  };
  const sources = Object.fromEntries(Object.entries(bad).map(([name, [, source]]) => [name, source]));
  const { ok, output } = await runCardCheck('card lint', smallProject(sources));
  expect(ok).toBe(false);
  for (const [name, [rule]] of Object.entries(bad)) {
    const report = output.split(/\n(?=\S*\/[\w-]+\.tsx$)/m).find((part) => part.trim().split('\n')[0]?.endsWith(name));
    expect([name, report]).toEqual([name, expect.stringContaining(`@hubspot/ui-extensions/${rule}`)]);
  }
});

test('a warning of HubSpot’s lint rules is enough to fail', async () => {
  const { ok, output } = await runCardCheck(
    'card lint',
    smallProject({ 'ContactCard.tsx': drawn('console.log("drawn");', text('1')) }),
  );
  expect([ok, output]).toEqual([false, expect.stringContaining('(0 errors, 1 warning)')]);
});

test.each([
  ['a wrong type', drawn('const count: number = "three";', text('count')), /TS2322/],
  ['a component HubSpot does not have', drawn('', '<Txt>Fine</Txt>'), /Cannot find name 'Txt'/],
  ['a place HubSpot does not have', drawn('', text('1')).replace('crm.record.tab', 'crm.middle'), /TS2344/],
  ['a property a component does not take', drawn('', '<Text color="red">Fine</Text>'), /TS2322/],
])('a card with %s fails the type check', async (_, source, reason) => {
  const { ok, output } = await runCardCheck('card types', smallProject({ 'ContactCard.tsx': source }));
  expect([ok, output]).toEqual([false, expect.stringMatching(reason)]);
});

describe('HubSpot’s builder', () => {
  test('says how big a card is', async () => {
    const { output } = await runCardCheck('card build', smallProject({}));
    expect(output).toMatch(/^ContactCard\.tsx: \d+\.\d kB$/m);
  });

  test.each([
    [
      'an import of a package that is not there',
      drawn("import x from 'no-such-package';", text('x')),
      /no-such-package/,
    ],
    ['an import of a file that is not there', drawn("import { x } from './nowhere.ts';", text('x')), /nowhere/],
    ['a card that does not parse', drawn('', '<Text>Fine'), /not built/],
    ['a require', drawn('declare const require: any;\nconst x = require("react");', text('x')), /require statements/],
    [
      'a picture from outside the folder',
      drawn("import logo from '../logo.png';", text('logo')),
      /outside of the extension/,
    ],
    ['a card over 200 kB', drawn(`const book = '${'so '.repeat(70_000)}';`, text('book')), /over 200 kB/],
  ])('refuses %s', async (_, source, reason) => {
    const { ok, output } = await runCardCheck(
      'card build',
      smallProject({ 'ContactCard.tsx': source, '../logo.png': 'x' }),
    );
    expect([ok, output]).toEqual([false, expect.stringMatching(reason)]);
  });

  test('refuses a card whose entrypoint is not there', async () => {
    const { ok, output } = await runCardCheck(
      'card build',
      smallProject({ 'deal-tab-hsmeta.json': '{"uid":"x","config":{"entrypoint":"/app/cards/DealCard.tsx"}}' }),
    );
    expect([ok, output]).toEqual([false, expect.stringMatching(/DealCard\.tsx: not built/)]);
  });
});
