import { randomUUID } from 'node:crypto';
import type { WorkflowHandle } from '@temporalio/client';
import type { CustomerInput, InvoiceInput, PaymentInput } from '#contracts/schemas/index.js';
import { invoiceWorkflowId } from '#contracts/engine.js';
import type { CampaignInput } from '#domain/campaign/document.js';
import { addDays, localDateOf } from '#domain/local-time.js';
import { type EnrolRequest, enrolInvoices } from '#engine/enrol.js';
import {
  isRefused,
  placeHold,
  recordPayments,
  releaseHold,
  reversePayment,
  upsertCustomers,
  upsertInvoices,
} from '#engine/facts/index.js';
import { type Scope, withScope } from '#engine/scope.js';
import type { TestEngine } from './engine.js';
import { eventually } from './eventually.js';
import { seedCampaign } from './seed.js';

/** A zone where it is about noon: no spec runs over midnight. */
const noonZone = (): string => {
  const ahead = 12 - new Date().getUTCHours();
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`;
};

export interface StepsOptions {
  send?: ('email' | 'sms' | 'telegram')[];
  whenExhausted?: 'nothing' | 'task';
}

/** A ladder whose first step is due at once and each other one its duration after the one before. */
export const ladder = (
  durations: readonly string[],
  { send = ['email'], whenExhausted = 'nothing' }: StepsOptions = {},
): CampaignInput => ({
  kindly: 1,
  policy: 'none',
  name: 'A ladder on the clock',
  whenExhausted,
  steps: ['PT1S', ...durations].map((offset, index) => ({
    key: `step-${index}`,
    at: { anchor: index === 0 ? 'issue_date' : 'previous_step', offset },
    send,
    template: 'overdue',
  })),
});

/** Longer than any of it takes on a machine that does much else. */
export const PATIENCE_MS = 40_000;

/** A customer with one person and one invoice of 100.00 EUR. */
export interface Debtor {
  name: string;
  customer: string;
  invoice: string;
  invoiceId: string;
  email: string;
  phone: string;
}

export interface ContactRow {
  id: string;
  state: string;
  medium: string;
  kind: string;
  outcome_code: string | null;
  send_key: string;
  facts_version: number;
  decided_at: Date;
  provider_id: string | null;
  snapshot: {
    text: string;
    to: { address: string };
    locale: string;
    headers?: Record<string, string>;
    messageId?: string;
  };
}

export interface EnrolmentRow {
  id: string;
  state: string;
  ended_reason: string | null;
  facts_version: number;
  planned_version: number;
  next_due_at: Date | null;
}

/** What a spec does to an organisation and sees of it. */
export class TestOrganisation {
  private loaded = 0;

  constructor(
    readonly engine: TestEngine,
    readonly id: string,
  ) {}

  run<T>(work: (scope: Scope) => Promise<T>): Promise<T> {
    return withScope(this.engine.own.app, this.id, 'tester', work);
  }

  rows<Row>(sql: string, ...parameters: unknown[]): Promise<Row[]> {
    return this.run(({ manager }) => manager.query(sql, parameters));
  }

  publish(campaign: CampaignInput, externalId?: string): Promise<string> {
    return seedCampaign(this.engine.own.app, this.id, campaign, externalId);
  }

  async debtor(customer: Partial<CustomerInput> = {}, invoice: Partial<InvoiceInput> = {}): Promise<Debtor> {
    const name = `${(this.loaded += 1)}-${randomUUID().slice(0, 8)}`;
    const [email, phone] = [`debtor-${name}@example.test`, `+4477009${String(10_000 + this.loaded)}`];
    const ids = { customer: `C-${name}`, invoice: `INV-${name}` };
    const zone = noonZone();
    const today = localDateOf(Date.now(), zone);
    return this.run(async (scope) => {
      taken(
        await upsertCustomers(scope, [
          { externalId: ids.customer, name: 'Sample Ltd', zone, email, phone, ...customer },
        ]),
      );
      const [written] = taken(
        await upsertInvoices(scope, [
          {
            externalId: ids.invoice,
            customerExternalId: ids.customer,
            total: '100.00',
            currency: 'EUR',
            issuedOn: today,
            dueOn: addDays(today, 30),
            ...invoice,
          },
        ]),
      );
      return { name, ...ids, invoiceId: written?.id ?? '', email, phone };
    });
  }

  async enrol(versionId: string, { invoiceId }: Pick<Debtor, 'invoiceId'>, entry?: EnrolRequest['entry']) {
    const [result] = await this.run((scope) =>
      enrolInvoices(scope, this.engine.deps.calendar, { versionId, invoiceIds: [invoiceId], entry }),
    );
    if (result?.result !== 'enrolled') throw new Error(`The invoice was not enrolled: ${result?.result}`);
  }

  /** A new debtor, enrolled in a new campaign. */
  async outreach(campaign: CampaignInput, customer: Partial<CustomerInput> = {}): Promise<Debtor> {
    const [versionId, debtor] = [await this.publish(campaign), await this.debtor(customer)];
    await this.enrol(versionId, debtor);
    return debtor;
  }

  async pay({ name, customer, invoice }: Debtor, amount = '100.00', more: Partial<PaymentInput> = {}) {
    const payment: PaymentInput = {
      externalId: `P-${name}-${amount}`,
      customerExternalId: customer,
      invoiceExternalId: invoice,
      amount,
      currency: 'EUR',
      ...more,
    };
    taken(await this.run((scope) => recordPayments(scope, [payment])));
    return payment.externalId;
  }

  async reverse(payment: string): Promise<void> {
    taken([await this.run((scope) => reversePayment(scope, { externalId: payment }, 'charged back'))]);
  }

  /** @returns how to release it */
  async hold({ invoice }: Debtor): Promise<() => Promise<void>> {
    const input = { kind: 'manual', invoiceExternalId: invoice } as const;
    const [hold] = taken([await this.run((scope) => placeHold(scope, input))]);
    const id = hold?.id ?? '';
    return async () => void taken([await this.run((scope) => releaseHold(scope, id))]);
  }

  contacts({ invoiceId }: Pick<Debtor, 'invoiceId'>): Promise<ContactRow[]> {
    return this.rows('select * from contact where invoice_id = $1 order by recorded_at, id', invoiceId);
  }

  async states(debtor: Pick<Debtor, 'invoiceId'>): Promise<string[]> {
    return (await this.contacts(debtor)).map(({ state }) => state);
  }

  async enrolment({ invoiceId }: Pick<Debtor, 'invoiceId'>): Promise<EnrolmentRow> {
    const [row] = await this.rows<EnrolmentRow>(
      'select * from enrolment where invoice_id = $1 order by recorded_at desc limit 1',
      invoiceId,
    );
    if (!row) throw new Error('The invoice was never enrolled.');
    return row;
  }

  /** Decisions by step. */
  attempts({ invoiceId }: Pick<Debtor, 'invoiceId'>): Promise<{ step_key: string; decision: string }[]> {
    return this.rows(
      'select step_key, decision from attempt where invoice_id = $1 order by step_index, occurrence',
      invoiceId,
    );
  }

  workflow({ invoiceId }: Pick<Debtor, 'invoiceId'>): WorkflowHandle {
    return this.engine.temporal.client.workflow.getHandle(invoiceWorkflowId(this.id, invoiceId));
  }

  /** Waits until the outreach of an invoice has come to its end. */
  finished(debtor: Pick<Debtor, 'invoiceId'>): Promise<void> {
    return eventually(() => this.workflow(debtor).result(), PATIENCE_MS);
  }

  /** Waits until so many contacts of an invoice have an outcome. */
  settled(debtor: Pick<Debtor, 'invoiceId'>, count: number, withinMs = PATIENCE_MS): Promise<void> {
    return eventually(async () => {
      const done = (await this.states(debtor)).filter((state) => state !== 'attempting').length;
      if (done < count) throw new Error(`${done} of ${count} contacts have an outcome.`);
    }, withinMs);
  }

  /** Waits until the engine has done all that the facts so far ask for. */
  atRest(debtor: Pick<Debtor, 'invoiceId'>, withinMs = PATIENCE_MS): Promise<void> {
    return eventually(async () => {
      const [row] = await this.rows<{ n: number }>(
        `select (select count(*) from enrolment where invoice_id = $1 and planned_version < facts_version)
           + (select count(*) from outbox where payload ->> 'invoiceId' = $1::text)
           + (select count(*) from contact where invoice_id = $1 and state = 'attempting') as n`,
        debtor.invoiceId,
      );
      if (Number(row?.n) > 0) throw new Error('The engine has not come to rest.');
    }, withinMs);
  }
}

/** The results of a command; a refusal fails the spec with its reason. */
const taken = <T extends object>(results: T[]): Exclude<T, { result: 'refused' }>[] => {
  const refusal = results.find((result) => isRefused(result as never));
  if (refusal) throw new Error(JSON.stringify(refusal));
  return results as Exclude<T, { result: 'refused' }>[];
};
