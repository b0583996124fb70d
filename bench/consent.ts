/**
 * Installs the service as an administrator would: our install page, the CRM's consent, our callback.
 * @param answers what the administrator chooses on the CRM's page: the account, and that it is granted.
 */
export async function grantConsent(installPage: string, answers: Readonly<Record<string, string>>): Promise<void> {
  const begun = await fetch(installPage, { redirect: 'manual' });
  const cookie = (begun.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const consent = new URL(begun.headers.get('location') ?? '');
  for (const [name, value] of Object.entries(answers)) consent.searchParams.set(name, value);
  const granted = await fetch(consent, { method: 'POST', redirect: 'manual' });
  const finished = await fetch(granted.headers.get('location') ?? '', { headers: { cookie }, redirect: 'manual' });
  if (finished.status >= 400) throw new Error(`the installation failed: ${finished.status}`);
}
