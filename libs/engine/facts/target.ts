import type { Refused } from '#contracts/schemas/index.js';
import type { Scope } from '../scope.js';
import { findCustomer, findInvoice } from './find.js';
import { refused } from './refusal.js';

/** A customer, or one invoice of theirs. */
export interface Target {
  /** Of the invoice, or else of the customer. */
  externalId: string;
  customerId: string;
  /** Null: every invoice of the customer. */
  invoiceId: string | null;
}

/** Whom a fact about it is announced to. */
export const concernedBy = ({ customerId, invoiceId }: Pick<Target, 'customerId' | 'invoiceId'>) => ({
  customerId,
  invoiceIds: invoiceId === null ? undefined : [invoiceId],
});

interface Named {
  customerExternalId?: string | undefined;
  invoiceExternalId?: string | undefined;
}

/** What the names of a customer, an invoice or both mean; at least one is given. */
export async function targetOf(scope: Scope, input: Named): Promise<Target | Refused> {
  const { customerExternalId, invoiceExternalId } = input;
  const customer =
    customerExternalId === undefined ? null : await findCustomer(scope, { externalId: customerExternalId });
  if (customerExternalId !== undefined && !customer) {
    return refused(
      customerExternalId,
      'unknown_customer',
      'customerExternalId',
      'is no customer; correct the id',
    );
  }
  if (invoiceExternalId === undefined) return wholeCustomer(customer);
  const invoice = await findInvoice(scope, { externalId: invoiceExternalId });
  if (!invoice) {
    return refused(
      invoiceExternalId,
      'unknown_invoice',
      'invoiceExternalId',
      'is no invoice; correct the id',
    );
  }
  if (customer && customer.id !== invoice.customerId) {
    const message = 'is an invoice of another customer; leave one of the two out';
    return refused(invoiceExternalId, 'other_customer', 'invoiceExternalId', message);
  }
  return { externalId: invoice.externalId, customerId: invoice.customerId, invoiceId: invoice.id };
}

function wholeCustomer(customer: { id: string; externalId: string } | null): Target {
  if (!customer) throw new TypeError('A customer or an invoice has to be named; the schema checks that.');
  return { externalId: customer.externalId, customerId: customer.id, invoiceId: null };
}
