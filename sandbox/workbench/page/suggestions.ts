/** Friends who might sign up; the first whose address is not taken yet is offered. */
const FRIENDS: readonly (readonly [first: string, last: string, domain: string])[] = [
  ['Maya', 'Brandt', 'linden-studio.example.com'],
  ['Tomás', 'Ferreira', 'atlas-freight.example.com'],
  ['Ingrid', 'Solberg', 'fjord-foods.example.com'],
  ['Daniel', 'Osei', 'brightpath.example.com'],
  ['Leila', 'Rahimi', 'orchard-health.example.com'],
  ['Peter', 'Novák', 'novak-print.example.com'],
  ['Aiko', 'Mori', 'kumo-design.example.com'],
  ['Ruth', 'Mensah', 'harbor-legal.example.com'],
];

export interface Suggestion {
  firstName: string;
  lastName: string;
  email: string;
}

/** Believable values for the sign-up form: `taken` are the addresses that were referred already. */
export function suggestFriend(taken: ReadonlySet<string>): Suggestion {
  for (let round = 1; ; round += 1)
    for (const [firstName, lastName, domain] of FRIENDS) {
      const email = `${plain(firstName)}.${plain(lastName)}${round > 1 ? round : ''}@${domain}`;
      if (!taken.has(email)) return { firstName, lastName, email };
    }
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[^a-zA-Z]/g, '')
    .toLowerCase();
}
