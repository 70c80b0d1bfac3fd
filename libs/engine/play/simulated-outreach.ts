import type { Instant } from '#domain/instant.js';
import type { Approach } from '#domain/policy/permit.js';
import { COUNTS_FOR_MS, type Outreach } from '#domain/policy/keeping.js';

type Made = Outreach['contacts'][number];
type Spoken = Outreach['conversations'][number];
type Paid = Outreach['payments'][number];

/** Who was contacted, spoke and paid in a simulation, as the ledger of the engine would have it. */
export class SimulatedOutreach {
  private readonly contacts = new Map<string, Made[]>();
  private readonly atAddress = new Map<string, (Made & { customer: string })[]>();
  private readonly conversations = new Map<string, Spoken[]>();
  private readonly payments = new Map<string, Paid[]>();

  /** @param wishes by the customers' external ids */
  constructor(private readonly wishes: ReadonlyMap<string, Outreach['wishes']>) {}

  contacted(customer: string, approach: Approach, at: Instant): void {
    const made = { ...approach, at };
    add(this.contacts, customer, made);
    if (approach.address !== null) add(this.atAddress, approach.address, { ...made, customer });
  }

  spoke(customer: string, invoiceIds: readonly string[], at: Instant): void {
    add(this.conversations, customer, { at, personId: null, invoiceIds });
  }

  paid(customer: string, invoice: string, at: Instant): void {
    add(this.payments, customer, { at, invoiceIds: [invoice] });
  }

  /** @param address of the point that is to be written to; null for a task */
  of(customer: string, address: string | null, now: Instant): Outreach {
    const counts = ({ at }: { at: Instant }): boolean => at > now - COUNTS_FOR_MS;
    const others = address === null ? [] : (this.atAddress.get(address) ?? []);
    return {
      houseRules: [],
      wishes: this.wishes.get(customer) ?? [],
      address,
      contacts: [
        ...(this.contacts.get(customer) ?? []),
        ...others.filter((each) => each.customer !== customer),
      ].filter(counts),
      conversations: (this.conversations.get(customer) ?? []).filter(counts),
      payments: (this.payments.get(customer) ?? []).filter(counts),
    };
  }
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
