import type { Express } from 'express';
import request from 'supertest';

/** What a browser would send back unasked: the hidden fields of the page, and the mark of the consent text. */
export async function openedForm(app: Express, path: string): Promise<Record<string, string>> {
  const { text } = await request(app).get(path);
  const hidden = [...text.matchAll(/<input type="hidden" name="(\w+)" value="(\w*)" \/>/g)];
  const consent = /name="consent"\s+type="checkbox"\s+value="(\w+)"/.exec(text)?.[1];
  return {
    ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])),
    ...(consent === undefined ? {} : { consent }),
  };
}
