import type { ShippedWords } from './content.js';

export const wordsEn: ShippedWords = {
  locale: 'en',
  greeting:
    '{% if contact.salutation %}{{ contact.salutation }},{% elsif contact.name %}Hello {{ contact.name }},{% else %}Hello,{% endif %}',
  offerHeading: 'Pay promptly and save',
  offer: 'Pay {{ offer.amount_to_pay }} by {{ offer.valid_until }} and save {{ offer.amount_off }}.',
  summary: {
    title: 'Your invoice',
    number: 'Invoice number',
    issued: 'Date of invoice',
    due: 'Due date',
    total: 'Invoice total',
    paid: 'Received so far',
    remaining: 'Still to pay',
    amountDue: 'Amount due',
  },
  payButton: 'Pay {{ invoice.amount_due }}',
  payAllButton: 'Pay {{ statement.total }}',
  totalDue: 'Total to pay',
  payLinkText: 'Pay online',
  bank: {
    heading: 'How to pay',
    headingWithLink: 'Or pay by bank transfer',
    payee: 'Payee',
    bankName: 'Bank',
    iban: 'IBAN',
    bic: 'BIC',
    account: 'Account number',
    reference: 'Payment reference',
  },
  howToPayByPhone: 'For how to pay, please call us on {{ account_manager.phone }}.',
  document: 'Download the invoice (PDF)',
  contactHeading: 'Your contact',
  vatId: 'VAT ID',
  preferences: 'Stop these e-mails',
  logoAlt: '{{ creditor.name }}',
};
