import { describe, expect, test } from 'vitest';
import { findFaults } from '../../scripts/checks/cards/find-faults.ts';
import { copyProject, PROJECT_DIR, type ProjectCopy } from './project-copy.ts';
import { GOOD_CARD } from './small-project.ts';

const APP = 'app/app-hsmeta.json';
const TAB = 'app/cards/contact-tab-hsmeta.json';
const DEAL = 'app/cards/deal-tab-hsmeta.json';
const HELPDESK = 'app/cards/ticket-helpdesk-hsmeta.json';
const TICKET_CARD = 'app/cards/TicketCard.tsx';

test('our project has no fault HubSpot’s parser would not see', () => {
  expect(findFaults(PROJECT_DIR)).toEqual([]);
});

describe('found as a fault is', () => {
  const faultsAfter = (spoil: (project: ProjectCopy) => void): readonly string[] => {
    const project = copyProject();
    const before = findFaults(project.directory);
    spoil(project);
    return findFaults(project.directory).filter((fault) => !before.includes(fault));
  };

  test.each<[string, (project: ProjectCopy) => void, RegExp]>([
    ['an entrypoint that is not there', (p) => p.replace(DEAL, 'DealCard', 'DealsCard'), /DealsCard\.tsx is not there/],
    ['a picture that is not there', (p) => p.replace(TAB, 'contact-card.png', 'card.png'), /card\.png is not there/],
    ['a picture that is none', (p) => p.write('app/cards/ticket-card.png', 'x'.repeat(99)), /no PNG/],
    ['a picture over 5 MB', (p) => p.write('app/cards/ticket-card.png', 'x'.repeat(5_300_000)), /over 5 MB/],
    ['a picture without words', (p) => p.replace(HELPDESK, /"altText": "[^"]+"/, '"altText": "Card"'), /cannot see/],
    ['a name with “Hub” in it', (p) => p.replace(TAB, '"Referrals"', '"Referral Hub"'), /HubSpot’s own/],
    ['a uid another app may have', (p) => p.replace(TAB, 'passalong_contact_tab', 'contact_tab'), /another app’s/],
    [
      'a description of two words',
      (p) => p.replace(TAB, /"description": "[^"]+"/, '"description": "The card"'),
      /admin/,
    ],
    ['an app without a logo', (p) => p.replace(APP, '"logo": "/app/logo.png",', ''), /there is no logo/],
    ['a logo that is not there', (p) => p.replace(APP, '/app/logo.png', '/app/mark.png'), /mark\.png is not there/],
    ['a logo that is not square', (p) => p.replace(APP, '/app/logo.png', '/app/cards/deal-card.png'), /no square PNG/],
    [
      'a help desk card that draws a component of the middle column',
      (p) => p.write(TICKET_CARD, `import { CrmPropertyList } from '@hubspot/ui-extensions/crm';\n${GOOD_CARD}`),
      /helpdesk\.sidebar takes no CrmPropertyList, which TicketCard\.tsx imports/,
    ],
    [
      'a sidebar card that takes all such components',
      (p) => {
        p.replace(TAB, 'crm.record.tab', 'crm.record.sidebar');
        p.write('app/cards/ContactCard.tsx', `import * as crm from '@hubspot/ui-extensions/crm';\n${GOOD_CARD}`);
      },
      /crm\.record\.sidebar takes no \*/,
    ],
    [
      'such a component two files further on',
      (p) => {
        p.write('app/cards/near.tsx', "export * from './far.tsx';\n");
        p.write('app/cards/far.tsx', "export { CrmReport as Report } from '@hubspot/ui-extensions/crm';\n");
        p.write(TICKET_CARD, `import './near.tsx';\n${GOOD_CARD}`);
      },
      /takes no CrmReport, which far\.tsx imports/,
    ],
    [
      'a card that draws nothing',
      (p) => p.write('app/cards/ContactCard.tsx', 'export const nothing = 1;\n'),
      /never calls hubspot\.extend/,
    ],
  ])('%s', (_, spoil, reason) => {
    expect(faultsAfter(spoil).join('\n')).toMatch(reason);
  });

  test('nothing when a sidebar card takes a hook, a type, or one of the two components it may', () => {
    const project = copyProject();
    project.write(
      TICKET_CARD,
      `import { CrmActionLink, useAssociations } from '@hubspot/ui-extensions/crm';
import type { CrmReport } from '@hubspot/ui-extensions/crm';
import { type CrmStatistics } from '@hubspot/ui-extensions/crm';
${GOOD_CARD}`,
    );
    expect(findFaults(project.directory).filter((fault) => fault.includes('takes no'))).toEqual([]);
  });
});
