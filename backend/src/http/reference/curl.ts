import { plainText, type PlacedOperation } from '../openapi/document.ts';
import { prettyJson } from './sample.ts';

/** The request as a command one can paste; null where only HubSpot or a browser can make it. */
export function curlOf({ path, method, operation }: PlacedOperation, baseUrl: string): string | null {
  const [scheme] = operation.security.flatMap((requirement) => Object.keys(requirement));
  if (scheme !== 'apiKey' && (scheme !== undefined || !speaksToPrograms(operation))) return null;
  const verb = method === 'get' ? '' : `-X ${method.toUpperCase()} `;
  const body = operation.requestBody?.content['application/json']?.example;
  const idempotent = operation.parameters.some(({ name }) => name === 'Idempotency-Key');
  return [
    `curl ${verb}"${baseUrl}${withExamples(path, operation)}"`,
    ...(scheme === 'apiKey' ? ['-H "Authorization: Bearer $PASSALONG_API_KEY"'] : []),
    ...(idempotent ? ['-H "Idempotency-Key: $(uuidgen)"'] : []),
    ...(body === undefined
      ? []
      : ['-H "Content-Type: application/json"', `-d '${prettyJson(body, '  ').replaceAll("'", `'\\''`)}'`]),
  ].join(' \\\n  ');
}

/** A page or a redirect is for a browser. */
function speaksToPrograms({ responses }: PlacedOperation['operation']): boolean {
  return Object.entries(responses).some(
    ([status, { content = {} }]) =>
      Number(status) < 300 && !('text/html' in content) && Object.keys(content).length > 0,
  );
}

/** The path with its placeholders filled in. */
export function withExamples(path: string, { parameters }: PlacedOperation['operation']): string {
  return path.replace(/\{(\w+)\}/g, (_placeholder, name: string) => {
    const example = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.example;
    return encodeURIComponent(plainText(example) || name);
  });
}
