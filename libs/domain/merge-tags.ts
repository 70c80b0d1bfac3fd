/**
 * Everything a template may say. One function of the engine builds it from the facts; the template linter checks a
 * template's tags against `MERGE_TAGS`. A field that may be unknown is `null`, never absent, so that strict
 * rendering fails only on a tag that does not exist.
 *
 * Amounts and dates are already formatted in the recipient's locale, and raw values stand beside them for conditions.
 */
export interface MergeTags {
  customer: { name: string; external_id: string; kind: 'person' | 'company' };
  contact: { name: string | null; given_name: string | null; family_name: string | null; salutation: string | null };
  invoice: {
    number: string;
    issue_date: string;
    due_date: string;
    /** `YYYY-MM-DD`. */
    due_on: string;
    total: string;
    /** What is still owed on this invoice, formatted with its currency. */
    amount_due: string;
    /** The same in minor units, for conditions. */
    amount_due_minor: number;
    paid: string;
    is_partly_paid: boolean;
    currency: string;
    /** Whole days after the due date on the customer's calendar; negative before it. */
    days_overdue: number;
    days_until_due: number;
    has_document: boolean;
  };
  creditor: {
    name: string;
    phone: string;
    email: string;
    address: string | null;
    vat_id: string | null;
    bank_name: string | null;
    iban: string | null;
    bic: string | null;
    account_number: string | null;
    website: string | null;
    /** `#rrggbb` of the brand. */
    colour: string;
    logo_url: string | null;
  };
  /** Who to talk to at the creditor; falls back on the creditor's own name and telephone. */
  account_manager: { name: string; phone: string; email: string };
  payment: {
    /** Page where the invoice can be paid; null while the creditor has none. */
    link: string | null;
    /** What to write on the transfer. */
    reference: string;
  };
  offer: { amount_off: string; amount_to_pay: string; valid_until: string } | null;
  /** Name of the organisation that sends. */
  organisation: { name: string };
}
