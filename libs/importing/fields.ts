import type { z } from 'zod';
import {
  customerInput,
  invoiceInput,
  openItemInput,
  paymentInput,
  suppressionInput,
} from '#contracts/schemas/index.js';
import type {
  CustomerInput,
  InvoiceInput,
  OpenItemInput,
  PaymentInput,
  SuppressionInput,
} from '#contracts/schemas/index.js';

/** Files whose rows go in one by one. */
export const IMPORT_KINDS = ['customers', 'invoices', 'payments', 'suppressions'] as const;
export type RowKind = (typeof IMPORT_KINDS)[number];

/** Besides them the one that says something only as a whole. */
export const FILE_KINDS = [...IMPORT_KINDS, 'open-items'] as const;
export type ImportKind = (typeof FILE_KINDS)[number];

export interface InputOf {
  customers: CustomerInput;
  invoices: InvoiceInput;
  payments: PaymentInput;
  suppressions: SuppressionInput;
  'open-items': OpenItemInput;
}

/** `text` is kept to the last space; around the others spaces are dropped. */
export type FieldType = 'text' | 'code' | 'date' | 'amount' | 'flag';

export interface Field {
  type: FieldType;
  /** Without a column or a constant for it, a file is of no use. */
  required?: true;
  /** An empty cell removes what is stored, instead of leaving it. */
  clears?: true;
}

const text: Field = { type: 'text' };
const code: Field = { type: 'code' };
const date: Field = { type: 'date' };
const amount: Field = { type: 'amount' };
const flag: Field = { type: 'flag' };
const required = (field: Field): Field => ({ ...field, required: true });
const clears = (field: Field): Field => ({ ...field, clears: true });

/** What a column can be mapped to, by its path in the input. */
export const FIELDS: Record<ImportKind, Readonly<Record<string, Field>>> = {
  customers: {
    externalId: required(code),
    name: required(text),
    kind: code,
    country: clears(code),
    region: clears(text),
    zone: clears(code),
    locale: code,
    preferredMedium: clears(code),
    vip: flag,
    email: clears(code),
    phone: clears(code),
    telegramChatId: clears(code),
    'telegramConsent.how': text,
    'telegramConsent.at': code,
    'address.street': text,
    'address.city': text,
    'address.postcode': text,
    'address.region': text,
    'address.country': code,
    parentExternalId: clears(code),
    'accountManager.externalId': code,
    'accountManager.name': text,
    'accountManager.email': code,
    'accountManager.phone': code,
  },
  invoices: {
    externalId: required(code),
    number: text,
    customerExternalId: required(code),
    creditorExternalId: code,
    kind: text,
    net: amount,
    tax: amount,
    total: required(amount),
    currency: required(code),
    issuedOn: required(date),
    dueOn: required(date),
    settledOn: date,
    settledAmount: amount,
  },
  payments: {
    externalId: required(code),
    customerExternalId: code,
    invoiceExternalId: code,
    amount: required(amount),
    currency: required(code),
    status: code,
    method: text,
    reference: text,
    paidOn: date,
    effectiveAt: code,
  },
  suppressions: {
    kind: required(code),
    value: required(code),
    medium: code,
    purpose: code,
    reason: required(text),
    effectiveAt: code,
  },
  'open-items': {
    externalId: required(code),
    open: required(amount),
    currency: required(code),
  },
};

/** Fields of a row that are no fields of its input: how an invoice was paid, for a file that knows. */
export const SETTLEMENT_FIELDS: readonly string[] = ['settledOn', 'settledAmount'];

export const SCHEMAS: { [K in ImportKind]: z.ZodType<InputOf[K]> } = {
  customers: customerInput,
  invoices: invoiceInput,
  payments: paymentInput,
  suppressions: suppressionInput,
  'open-items': openItemInput,
};

export const requiredFields = (kind: ImportKind): string[] =>
  Object.entries(FIELDS[kind]).flatMap(([name, field]) => (field.required ? [name] : []));
