export type SourceNoteInput = {
  /** What was said with the referral, where anything was. */
  readonly note: string | null;
  /** Null: nobody is to be named. */
  readonly advocateName: string | null;
  readonly programName: string;
  /** How the referral arrived: `link`, `form`, `api`, `rep` or `crm`. */
  readonly source: string | null;
};

type Way = { readonly named: string; readonly unnamed: string };

function alike(words: string): Way {
  return { named: words, unnamed: words };
}

const WAYS: ReadonlyMap<string | null, Way> = new Map([
  ['link', { named: 'through their link', unnamed: 'through a referral link' }],
  ['form', alike('through a form')],
  ['api', alike('through another system')],
  ['rep', alike('as told to a colleague')],
  ['crm', alike('as a record of the CRM says')],
]);

/** Where a friend comes from, for people: the words that came with the referral, else one plain sentence (RR-17, RR-20). */
export function sourceNote({ note, advocateName, programName, source }: SourceNoteInput): string {
  const said = note?.trim() ?? '';
  if (said !== '') return said;
  const name = advocateName?.trim() ?? '';
  const way = WAYS.get(source)?.[name === '' ? 'unnamed' : 'named'];
  const origin = [name === '' ? '' : `by ${name}`, programName.trim() === '' ? '' : `in ${programName.trim()}`];
  const sentence = ['Referred', ...origin.filter((part) => part !== '')].join(' ');
  return way === undefined ? sentence : `${sentence}, ${way}`;
}
