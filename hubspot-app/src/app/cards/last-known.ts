export type Properties = Readonly<Record<string, string | null | undefined>>;

/** What the service last wrote on the contact. Numbers of the person who refers, and the referral that brought them. */
export type LastKnown = {
  readonly link: string | null;
  readonly code: string | null;
  readonly counts: readonly { readonly label: string; readonly count: number }[];
  readonly rewardStatus: string | null;
  readonly rewardTotal: number | null;
  readonly lastReferralAt: number | null;
  readonly countedAt: number | null;
  readonly friend: { readonly status: string; readonly reason: string | null; readonly by: string | null } | null;
};

const COUNTS = [
  { property: 'passalong_referred_count', label: 'Referred' },
  { property: 'passalong_qualified_count', label: 'Qualified' },
  { property: 'passalong_approved_count', label: 'Approved' },
] as const;

const textOf = (value: string | null | undefined) => (value ? value : null);

function numberOf(value: string | null | undefined): number | null {
  const number = Number(textOf(value) ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}

/** HubSpot says a time in ISO 8601 or in milliseconds, depending on where the value comes from. */
function timeOf(value: string | null | undefined): number | null {
  const text = textOf(value);
  if (text === null) return null;
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

/** Null when nothing was ever written: then there is nothing to fall back to. */
export function lastKnownFrom(properties: Properties): LastKnown | null {
  const counts = COUNTS.flatMap(({ property, label }) => {
    const count = numberOf(properties[property]);
    return count === null ? [] : [{ label, count }];
  });
  const status = textOf(properties.passalong_referral_status);
  const by = textOf(properties.passalong_referred_by_name);
  const link = textOf(properties.passalong_referral_link);
  if (counts.length === 0 && link === null && status === null && by === null) return null;
  return {
    link,
    code: textOf(properties.passalong_referral_code),
    counts,
    rewardStatus: textOf(properties.passalong_reward_status),
    rewardTotal: numberOf(properties.passalong_reward_total),
    lastReferralAt: timeOf(properties.passalong_last_referral_at),
    countedAt: timeOf(properties.passalong_counted_at),
    friend:
      status === null && by === null
        ? null
        : { status: status ?? 'unknown', reason: textOf(properties.passalong_status_reason), by },
  };
}
