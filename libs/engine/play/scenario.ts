import type { CustomerInput } from '#contracts/schemas/customer.js';
import type { InvoiceInput } from '#contracts/schemas/invoice.js';
import type { CampaignDocument } from '#domain/campaign/document.js';
import type { LocalDate } from '#domain/instant.js';
import type { TaskOutcome } from '#domain/task-outcomes.js';

/** When and how an invoice of a scenario is paid. */
export interface Settlement {
  paidOn: LocalDate;
  /** Decimal string in the invoice's currency. */
  amount: string;
}

export interface ScenarioInvoice {
  input: InvoiceInput;
  settlement: Settlement | null;
}

/** What `play` runs on the engine and `simulate` in memory. */
export interface Scenario {
  document: CampaignDocument;
  customers: readonly CustomerInput[];
  invoices: readonly ScenarioInvoice[];
  /** The organisation's zone, for customers without one of their own. */
  zone: string;
  answers: Answers;
}

/** What is said on the telephone, by invoice and step; `no_answer` where nothing is given. */
export type Answers = ReadonlyMap<string, TaskOutcome>;

export const answerKey = (invoice: string, step: string): string => `${invoice}\u0000${step}`;

/** Answers each call once: whoever asked to be called back is not there the second time. */
export class Respondent {
  private readonly answered = new Set<string>();

  constructor(private readonly answers: Answers) {}

  answer(invoice: string, step: string): TaskOutcome {
    const key = answerKey(invoice, step);
    const outcome = this.answered.has(key) ? undefined : this.answers.get(key);
    this.answered.add(key);
    return outcome ?? { outcome: 'no_answer' };
  }
}
