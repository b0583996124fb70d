/** One word or phrase per comma. */
const list = (text: string): string[] => text.split(',').map((word) => word.trim());

export const FIRST_NAMES = list(`
  Amara, Anton, Beatriz, Caleb, Chidi, Clara, Dara, Diego, Elif, Emil, Farah, Felix, Grace, Hana, Hugo, Ines,
  Ivan, Jonas, Joyce, Kavya, Kofi, Lena, Liam, Lucía, Marta, Mateo, Mei, Nadia, Noah, Olga, Omar, Priya, Quinn,
  Rosa, Samir, Sofia, Tariq, Tessa, Uma, Viktor, Wanda, Yara, Zoë
`);

export const LAST_NAMES = list(`
  Abbott, Adeyemi, Bauer, Bianchi, Castro, Chen, Dubois, Eriksen, Fischer, García, Haddad, Ito, Jensen, Kaur,
  Kowalski, Lindqvist, Marino, Mbeki, Moreau, Nakamura, O'Brien, Okoye, Olsen, Patel, Popescu, Reyes, Rossi,
  Silva, Sørensen, Tanaka, Torres, van Dijk, Vega, Weber, Wójcik, Yilmaz, Zhang
`);

export const COMPANY_WORDS = list(`
  Alder, Basalt, Beacon, Birchway, Bluefin, Bramble, Cedarline, Clearpath, Cobalt, Copperleaf, Drift, Ember,
  Fernwood, Foxglove, Granite, Harborview, Heron, Ironbridge, Juniper, Keystone, Larkfield, Lumen, Marigold,
  Meadowlark, Northgate, Oakhurst, Orchard, Pinecrest, Quarry, Redwater, Sandpiper, Silverbirch, Stonecrop,
  Summit, Tidewater, Union, Vantage, Westbrook, Willow, Yarrow
`);

export const SUFFIXES = list(`
  Labs, Logistics, Partners, Studio, Health, Software, Foods, Energy, Consulting, Group
`);

export const CITIES = list(`
  Boston, Dublin, Lisbon, Berlin, Toronto, Denver, Austin, Lyon, Leeds, Gothenburg
`);

export const INDUSTRIES = list(`
  Software, Logistics, Healthcare, Food production, Consulting, Energy, Retail
`);

export const JOB_TITLES = list(`
  Founder, Head of Marketing, Operations Manager, Account Executive, CTO, Office Manager, Buyer, Sales Lead
`);

export const DEAL_KINDS = list(`
  Annual plan, Pilot, Expansion, Onboarding package, Renewal, Team upgrade
`);

export const LEAD_STATUSES = list(`
  NEW, OPEN, IN_PROGRESS, OPEN_DEAL, ATTEMPTED_TO_CONTACT, CONNECTED, BAD_TIMING
`);
