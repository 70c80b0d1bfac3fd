import { FIELDS, type ImportKind, requiredFields } from './fields.js';
import { type Mapping, mappingSchema } from './mapping.js';

/** A mapping that is recognised by the columns of a file. */
export interface Preset {
  name: string;
  kind: ImportKind;
  /** A file that has all of these is of this preset. */
  columns: readonly string[];
  mapping: Mapping;
}

const own = (kind: ImportKind): Preset => ({
  name: 'kindly',
  kind,
  columns: requiredFields(kind),
  mapping: mappingSchema.parse({
    columns: Object.fromEntries(Object.keys(FIELDS[kind]).map((name) => [name, name])),
  }),
});

/** IBM's public accounts-receivable sample, "WA_Fn-UseC_-Accounts-Receivable". Its amounts have no currency. */
const AR_INVOICES: Preset = {
  name: 'ar-invoices',
  kind: 'invoices',
  columns: ['invoiceNumber', 'customerID', 'InvoiceDate', 'DueDate', 'InvoiceAmount', 'SettledDate'],
  mapping: mappingSchema.parse({
    columns: {
      externalId: 'invoiceNumber',
      customerExternalId: 'customerID',
      issuedOn: 'InvoiceDate',
      dueOn: 'DueDate',
      total: 'InvoiceAmount',
      settledOn: 'SettledDate',
    },
    constants: { currency: 'USD' },
    date: 'M/D/YYYY',
  }),
};

/** Contact details made for that sample. */
const AR_CUSTOMERS: Preset = {
  name: 'ar-customers',
  kind: 'customers',
  columns: ['customer_id', 'name', 'email', 'phone', 'timezone', 'preferred_channel'],
  mapping: mappingSchema.parse({
    columns: {
      externalId: 'customer_id',
      name: 'name',
      email: 'email',
      phone: 'phone',
      telegramChatId: 'telegram_chat_id',
      locale: 'locale',
      zone: 'timezone',
      preferredMedium: 'preferred_channel',
      'address.street': 'street',
      'address.city': 'city',
      'address.postcode': 'postcode',
      'address.country': 'country',
      country: 'country',
    },
    constants: {
      'telegramConsent.how': 'made up: a chat is opened by its owner',
      'telegramConsent.at': '2011-12-31T00:00:00Z',
    },
  }),
};

const PRESETS: readonly Preset[] = [
  own('customers'),
  own('invoices'),
  own('payments'),
  own('suppressions'),
  own('open-items'),
  AR_INVOICES,
  AR_CUSTOMERS,
];

/** The preset that knows these columns; its columns that the file lacks are left out of its mapping. */
export function recognise(kind: ImportKind, header: readonly string[]): Preset | null {
  const there = new Set(header);
  const preset = PRESETS.find(
    (each) => each.kind === kind && each.columns.every((column) => there.has(column)),
  );
  if (!preset) return null;
  const columns = Object.entries(preset.mapping.columns).filter(([, column]) => there.has(column));
  return { ...preset, mapping: { ...preset.mapping, columns: Object.fromEntries(columns) } };
}
