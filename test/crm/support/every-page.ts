/** Reads pages until one has no next, from the first on. */
export async function everyPage<Page>(
  read: (cursor: string | null) => Promise<Page>,
  nextOf: (page: Page) => string | null,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await read(cursor);
    pages.push(page);
    cursor = nextOf(page);
  } while (cursor !== null);
  return pages;
}
