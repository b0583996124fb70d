/** What a developer has to know before the first call, on one screen. Markdown: it is the document's `info.description`. */
export function introduction(publicUrl: string): string {
  return `Programs, links, referrals, rewards and the reasons behind them, for referral programs that live inside the CRM.
JSON over HTTPS, UTF-8, one version: \`/api/v1\`.

\`\`\`sh
curl ${publicUrl}/api/v1/programs \\
  -H "Authorization: Bearer $PASSALONG_API_KEY"
\`\`\`

## Authentication

Send an API key with every call below \`/api/v1\`: \`Authorization: Bearer pk_…\`. A key belongs to one workspace, may do
everything in it and sees nothing of another: an id of another workspace answers 404, like one that does not exist. A
missing, malformed or revoked key is refused with 401 \`api_key_refused\`. Keep keys on servers: they are secrets.

## Idempotency

Every write whose answer is no secret takes an \`Idempotency-Key\` header: 1 to 200 visible ASCII characters, such as a
UUID. Send the same request with the same key again, after a timeout for example, and you get the first answer, with
\`Idempotent-Replayed: true\`, and nothing happens twice. The same key with another method, path or body is refused with
409 \`idempotency_key_reused\`. Keys are kept for at least 24 hours; an answer of 500 or above frees the key.

## Errors

Every refusal has one shape. \`code\` is stable and meant for programs; \`message\` and \`remedy\` are meant for people and
may be worded anew; \`requestId\` is also in the \`X-Request-Id\` header: name it when you ask for help.

\`\`\`json
{
  "error": {
    "code": "request_invalid",
    "message": "One field was refused.",
    "remedy": "Mend the fields listed in \`fields\`; /openapi.json describes each of them.",
    "requestId": "req_5d0f1c9a7b3e2k4m",
    "fields": [{ "path": "email", "message": "Must not be empty." }]
  }
}
\`\`\`

- **4xx**: the same request will be refused again. Fields that do not exist are refused too, so a typing error never
  passes in silence; all refused fields are told at once.
- **409** \`idempotency_key_busy\` and **503**: try again after the seconds in \`Retry-After\`.
- **500**: a fault of ours; trying again is safe with an \`Idempotency-Key\`.

## Pagination

Lists are newest first and stay stable while new items arrive. \`limit\` is 1 to 100, 25 by default. An answer is
\`{ "items": […], "nextCursor": "…" }\`: send \`nextCursor\` back as \`cursor\` with the same filters until it is null. A
cursor is opaque and belongs to its list.

## Money

Amounts are decimal strings in major units beside an ISO 4217 code: \`"120.00"\` and \`"USD"\`. Never read them as floating
point numbers. Amounts of different currencies are never added up.

## Times and ids

Times are ISO 8601 in UTC: \`2026-11-20T10:15:00.000Z\`. Ids are opaque text with a prefix that names their kind:
\`prg_\` program, \`adv_\` advocate, \`ref_\` referral, \`rwd_\` reward, \`ent_\` entry, \`con_\` connection, \`per_\` person.
Request bodies are at most 256 KiB and declared as \`application/json\`.
`;
}
