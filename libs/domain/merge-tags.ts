/**
 * Everything a template may say. One function of the engine builds it from the facts; the template linter checks a
 * template's tags against `MERGE_TAGS`. A field that may be unknown is `null`, never absent, so that strict
 * rendering fails only on a tag that does not exist.
 *
 * Amounts and dates are already formatted in the recipient's locale, and raw values stand beside them for conditions.
 */
export interface MergeTags {
  customer: { name: string; external_id: string; kind: 'person' | 'company' };
  contact: {
    name: string | null;
    given_name: string | null;
    family_name: string | null;
    /** How a letter to this person opens, without the mark after it: `Dear Ms Smith`, `Уважаемая Анна Петровна`. */
    salutation: string | null;
  };
  invoice: {
    number: string;
    issue_date: string;
    due_date: string;
    /** `YYYY-MM-DD`. */
    due_on: string;
    total: string;
    /** What is still owed on this invoice and not disputed, formatted with its currency. */
    amount_due: string;
    /** The same in minor units, for conditions. */
    amount_due_minor: number;
    /** What has been received or credited so far, formatted. */
    paid: string;
    is_partly_paid: boolean;
    /** The part that the customer disputes, formatted: it is not in `amount_due`; null when there is none. */
    disputed: string | null;
    currency: string;
    /** Whole days after the due date on the customer's calendar; negative before it. */
    days_overdue: number;
    days_until_due: number;
    /** The invoice goes along with this message as a file; only an e-mail carries one. */
    has_document: boolean;
    /** Where the invoice can be downloaded; null unless the message leads there in place of carrying the file. */
    document_link: string | null;
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
  /** What the customer undertook to pay, and the last day on which paying keeps it; null unless this is about it. */
  promise: { amount: string; date: string } | null;
  /**
   * What the customer undertook to pay and did not, in the first message after its day; `paid`: what came of it in time,
   * null when nothing did. Null in all other messages.
   */
  broken_promise: { amount: string; date: string; paid: string | null } | null;
  /**
   * The instalment or milestone that the message is about, of `count`; `name`: of its milestone; `done`: how many are paid, null for none;
   * `rest`: what remains after it, null for nothing. Null in messages about the invoice as a whole.
   */
  part: {
    number: number;
    count: number;
    name: string | null;
    /** Open of it, formatted. */
    amount: string;
    done: number | null;
    rest: string | null;
  } | null;
  /** A payment that was taken back by a bank, and its day, in the first message after that; else null. */
  returned_payment: { amount: string; date: string } | null;
  /** A plan of instalments that ended because the one of `date` was missed, in the first message after that; else null. */
  broken_plan: { date: string } | null;
  /** What is owed on several invoices together; null in a message about one. */
  statement: {
    count: number;
    /** Owed on all of them, without what is announced and not there yet, formatted with its currency. */
    total: string;
    /** Announced and not there yet; null when nothing is. */
    pending: string | null;
    list: MergeList;
  } | null;
  /** Name of the organisation that sends. */
  organisation: { name: string };
  /** `link`: page to stop e-mails of this purpose at; `page`: where the recipient chooses how to be contacted. Null while there is none. */
  preferences: { link: string | null; page: string | null };
  /** Page where the owner of an address confirms a consent; null in all but the message that asks for it. */
  consent: { link: string } | null;
}

/** A list that is rendered as a whole, for templates do not loop: a table in HTML, lines in plain text. */
export interface MergeList {
  /** None without rows; what is overdue first, so that what is only coming due never sounds like it. */
  sections: { stage: 'overdue' | 'due_today' | 'coming_due'; rows: MergeListRow[] }[];
}

/** An invoice of a statement, formatted in the recipient's locale. */
export interface MergeListRow {
  number: string;
  due_date: string;
  /** Negative before the due date. */
  days_overdue: number;
  amount: string;
}

/** A group of merge tags: `invoice`. */
export type MergeTagGroup = keyof MergeTags;
type FieldOf<G extends MergeTagGroup> = keyof NonNullable<MergeTags[G]> & string;

/** A merge tag as a template writes it: `invoice.amount_due`. */
export type MergeTagPath = { [G in MergeTagGroup]: `${G}.${FieldOf<G>}` }[MergeTagGroup];

type ValueAt<P extends MergeTagPath> = P extends `${infer G extends MergeTagGroup}.${infer F}`
  ? NonNullable<MergeTags[G]>[F & keyof NonNullable<MergeTags[G]>]
  : never;

/**
 * What a value is good for: `text`, `email`, `phone`, `url` and `colour` are printed (a `url` is http or https, a
 * `colour` is safe inside CSS), `count` is a whole number that may be printed, `condition` is only for `{% if %}`, and a `list` is
 * printed where a whole block may stand.
 */
export type MergeTagKind = 'text' | 'email' | 'phone' | 'url' | 'colour' | 'count' | 'condition' | 'list';

type KindOf<V> = V extends boolean
  ? 'condition'
  : V extends number
    ? 'count' | 'condition'
    : V extends MergeList
      ? 'list'
      : | Exclude<MergeTagKind, 'count' | 'condition' | 'list'>
        | (V extends 'person' | 'company' ? 'condition' : never);

export interface MergeTagInfo {
  kind: MergeTagKind;
  /** True when the value may be unknown (`null`). */
  nullable: boolean;
}

type InfoOf<P extends MergeTagPath> = {
  kind: KindOf<NonNullable<ValueAt<P>>>;
  nullable: null extends ValueAt<P> ? true : false;
};

const known = <K extends MergeTagKind>(kind: K) => ({ kind, nullable: false }) as const;
const maybe = <K extends MergeTagKind>(kind: K) => ({ kind, nullable: true }) as const;

/** Every merge tag there is, for the linter and for the console's list. The compiler keeps it equal to `MergeTags`. */
export const MERGE_TAGS = {
  'customer.name': known('text'),
  'customer.external_id': known('text'),
  'customer.kind': known('condition'),
  'contact.name': maybe('text'),
  'contact.given_name': maybe('text'),
  'contact.family_name': maybe('text'),
  'contact.salutation': maybe('text'),
  'invoice.number': known('text'),
  'invoice.issue_date': known('text'),
  'invoice.due_date': known('text'),
  'invoice.due_on': known('text'),
  'invoice.total': known('text'),
  'invoice.amount_due': known('text'),
  'invoice.amount_due_minor': known('condition'),
  'invoice.paid': known('text'),
  'invoice.is_partly_paid': known('condition'),
  'invoice.disputed': maybe('text'),
  'invoice.currency': known('text'),
  'invoice.days_overdue': known('count'),
  'invoice.days_until_due': known('count'),
  'invoice.has_document': known('condition'),
  'invoice.document_link': maybe('url'),
  'creditor.name': known('text'),
  'creditor.phone': known('phone'),
  'creditor.email': known('email'),
  'creditor.address': maybe('text'),
  'creditor.vat_id': maybe('text'),
  'creditor.bank_name': maybe('text'),
  'creditor.iban': maybe('text'),
  'creditor.bic': maybe('text'),
  'creditor.account_number': maybe('text'),
  'creditor.website': maybe('url'),
  'creditor.colour': known('colour'),
  'creditor.logo_url': maybe('url'),
  'account_manager.name': known('text'),
  'account_manager.phone': known('phone'),
  'account_manager.email': known('email'),
  'payment.link': maybe('url'),
  'payment.reference': known('text'),
  'offer.amount_off': known('text'),
  'offer.amount_to_pay': known('text'),
  'offer.valid_until': known('text'),
  'promise.amount': known('text'),
  'promise.date': known('text'),
  'broken_promise.amount': known('text'),
  'broken_promise.date': known('text'),
  'broken_promise.paid': maybe('text'),
  'part.number': known('count'),
  'part.count': known('count'),
  'part.name': maybe('text'),
  'part.amount': known('text'),
  'part.done': maybe('count'),
  'part.rest': maybe('text'),
  'broken_plan.date': known('text'),
  'returned_payment.amount': known('text'),
  'returned_payment.date': known('text'),
  'statement.count': known('count'),
  'statement.total': known('text'),
  'statement.pending': maybe('text'),
  'statement.list': known('list'),
  'organisation.name': known('text'),
  'preferences.link': maybe('url'),
  'preferences.page': maybe('url'),
  'consent.link': known('url'),
} as const satisfies { [P in MergeTagPath]: InfoOf<P> };

/** The groups of merge tags, and whether the whole group may be `null`. */
export const MERGE_TAG_GROUPS = {
  customer: { nullable: false },
  contact: { nullable: false },
  invoice: { nullable: false },
  creditor: { nullable: false },
  account_manager: { nullable: false },
  payment: { nullable: false },
  offer: { nullable: true },
  promise: { nullable: true },
  broken_promise: { nullable: true },
  part: { nullable: true },
  broken_plan: { nullable: true },
  returned_payment: { nullable: true },
  statement: { nullable: true },
  organisation: { nullable: false },
  preferences: { nullable: false },
  consent: { nullable: true },
} as const satisfies { [G in MergeTagGroup]: { nullable: null extends MergeTags[G] ? true : false } };

export const MERGE_TAG_PATHS = Object.keys(MERGE_TAGS) as MergeTagPath[];

export const isMergeTag = (path: string): path is MergeTagPath => Object.hasOwn(MERGE_TAGS, path);

export const isMergeTagGroup = (name: string): name is MergeTagGroup => Object.hasOwn(MERGE_TAG_GROUPS, name);
