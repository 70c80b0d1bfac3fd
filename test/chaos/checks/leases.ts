import type { Instant } from '#domain/instant.js';
import type { ContactRow, Violation } from './evidence.js';
import type { Matched } from './match.js';

/** No call began after its lease, and nothing is being attempted past lease and grace. */
export function leasesHold(
  { accepts }: Matched,
  contacts: readonly ContactRow[],
  { now, graceMs }: { now: Instant; graceMs: number },
): Violation[] {
  return contacts.flatMap(({ id, state, leaseUntil }) => {
    const late = (accepts.get(id) ?? []).filter(({ receivedAt }) => receivedAt > leaseUntil);
    const violations: Violation[] = late.map(({ receivedAt }) => ({
      rule: 'call_after_lease',
      subject: id,
      detail: `its call began ${receivedAt - leaseUntil} ms after its lease`,
    }));
    if (state === 'attempting' && now > leaseUntil + graceMs)
      violations.push({ rule: 'attempting_past_lease', subject: id, detail: `for ${now - leaseUntil} ms` });
    return violations;
  });
}
