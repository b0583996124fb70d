/**
 * Whether an object of a JSON list says one name twice. `JSON.parse` keeps the last and says nothing, so whoever reads
 * the text another way could see another tenant in it. The text is JSON already; names inside the objects' own values do
 * not count, and escapes in a name are undone before it is compared.
 */
export function repeatsName(text: string, objects: readonly unknown[], name: string): boolean {
  const plain = text.split(`"${name}"`).length - 1;
  // Every object has the name, it stands as often as there are objects, and nothing is escaped: then each has it once.
  if (plain === objects.length && !text.includes('\\u') && objects.every((object) => hasOwn(object, name)))
    return false;
  return scan(text, name);
}

function hasOwn(object: unknown, name: string): boolean {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, name);
}

const STRING = /"(?:[^"\\]|\\.)*"/y;
/** The objects of the list are one bracket deep in it. */
const DEPTH_OF_NAMES = 2;

function scan(text: string, name: string): boolean {
  let depth = 0;
  let seen = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '{' || character === '[') {
      depth += 1;
      if (depth === DEPTH_OF_NAMES) seen = 0;
    } else if (character === '}' || character === ']') depth -= 1;
    else if (character === '"') {
      STRING.lastIndex = at;
      const token = STRING.exec(text)?.[0] ?? '"';
      at += token.length - 1;
      if (depth === DEPTH_OF_NAMES && isName(text, at + 1) && JSON.parse(token) === name) seen += 1;
      if (seen > 1) return true;
    }
  }
  return false;
}

/** A string that a colon follows. */
function isName(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at += 1;
  return text[at] === ':';
}
