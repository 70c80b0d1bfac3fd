/** What one shipped template says; the layout makes e-mail, text and direct message of it. All strings are Liquid. */
export interface ShippedContent {
  key: string;
  subject: string;
  /** The line a mailbox shows after the subject. */
  preview: string;
  heading: string;
  paragraphs: Paragraph[];
  /** What to do when the message and a payment crossed; absent where nothing is asked for. */
  alreadyPaid?: string;
  /** Instalments, more time: for overdue invoices. */
  help?: string;
  sms: string;
  /** The one thing to do, below what is said. */
  button?: { href: string; label: string };
  purpose: 'reminder' | 'confirmation';
  /** For a confirmation: bank details and the link to pay all the same, while something is owed. */
  waysToPay?: true;
  /** Says which invoice it is about and not what is owed: the message takes no position on that. */
  withoutBalance?: true;
  /** About several invoices: it lists them, and says what they come to. */
  severalInvoices?: true;
  /** About no invoice: it says nothing of one. */
  withoutInvoice?: true;
}

/** What is said where a message tells how to pay: by a reminder always, by a copy of an invoice while it is unpaid. */
export function wherePayable({ purpose, waysToPay }: ShippedContent, inner: string): string {
  if (purpose === 'reminder') return inner;
  return waysToPay ? `{% if invoice.amount_due_minor > 0 %}${inner}{% endif %}` : '';
}

/** A paragraph, or one that is said only when the Liquid condition holds. */
export type Paragraph = string | { when: string; say: string; otherwise?: string };

/** What all templates of one language share. */
export interface ShippedWords {
  locale: string;
  /** With Liquid conditions, ending with the punctuation of a greeting. */
  greeting: string;
  offerHeading: string;
  offer: string;
  summary: {
    title: string;
    number: string;
    issued: string;
    due: string;
    total: string;
    paid: string;
    /** Of a part that is disputed. */
    disputed: string;
    remaining: string;
    amountDue: string;
  };
  payButton: string;
  /** The same for several invoices. */
  payAllButton: string;
  /** What several invoices come to. */
  totalDue: string;
  payLinkText: string;
  bank: {
    heading: string;
    headingWithLink: string;
    payee: string;
    bankName: string;
    iban: string;
    bic: string;
    account: string;
    reference: string;
  };
  /** Said when there is neither a link nor bank details. */
  howToPayByPhone: string;
  /** Names the link to the invoice's file. */
  document: string;
  contactHeading: string;
  vatId: string;
  /** Names the page where the recipient chooses how to be written to. */
  choose: string;
  preferences: string;
  logoAlt: string;
}
