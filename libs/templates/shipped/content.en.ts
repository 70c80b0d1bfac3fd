import type { Paragraph, ShippedContent } from './content.js';

const payLinkOrPhone =
  '{% if payment.link %}Pay: {{ payment.link }}{% else %}Questions: {{ account_manager.phone }}{% endif %}';
const payLinkAndPhone =
  '{% if payment.link %}Pay: {{ payment.link }} {% endif %}Questions: {{ account_manager.phone }}';

const amountToPay: Paragraph = {
  when: 'invoice.is_partly_paid',
  say: 'Thank you for the {{ invoice.paid }} we have received. Of the {{ invoice.total }}, {{ invoice.amount_due }} remains to be paid.',
  otherwise: 'The amount to pay is {{ invoice.amount_due }}.',
};

const disputed: Paragraph = {
  when: 'invoice.disputed',
  say: 'You have told us that {{ invoice.disputed }} of this invoice is not right. We are looking into it; this message is about the rest.',
};

const brokenPromise: Paragraph = {
  when: 'broken_promise',
  say: 'We had noted that you would pay {{ broken_promise.amount }} by {{ broken_promise.date }}.{% if broken_promise.paid %} Of that, {{ broken_promise.paid }} has come.{% endif %} If something came in between, please tell us, and we will find another date together.',
};

const help =
  '{% if broken_plan or part %}Call or write to us, and we will look for an arrangement that works.{% else %}Need more time, or would paying in instalments help? Call or write to us, and we will look for an arrangement that works.{% endif %}';

const part: Paragraph = {
  when: 'part',
  say: '{% if part.name %}It is for "{{ part.name }}", part {{ part.number }} of {{ part.count }}{% else %}It is instalment {{ part.number }} of {{ part.count }}{% endif %}: {{ part.amount }}.{% if part.done %} Paid so far: {{ part.done }} of {{ part.count }}, thank you.{% endif %}{% if part.rest %} After it, {{ part.rest }} remains.{% endif %}',
};

const brokenPlan: Paragraph = {
  when: 'broken_plan',
  say: 'We had agreed on instalments, and the one due {{ broken_plan.date }} has not reached us, so that agreement has ended and what is left is due now. If something came up, please tell us, and we will find another way together.',
};

const returned: Paragraph = {
  when: 'returned_payment',
  say: 'Your payment of {{ returned_payment.amount }} of {{ returned_payment.date }} came back to us from the bank, so that amount is open again. If you do not know why, please ask your bank, or tell us.',
};

const headsUp: ShippedContent = {
  key: 'heads-up',
  purpose: 'reminder',
  subject: 'Invoice {{ invoice.number }}: payment due {{ invoice.due_date }}',
  preview: '{{ invoice.amount_due }}, due {{ invoice.due_date }}. Here is how to pay.',
  heading: 'A payment is coming up',
  paragraphs: [
    'This is a friendly note that invoice {{ invoice.number }} from {{ creditor.name }} is due for payment {% if invoice.days_until_due == 1 %}tomorrow, {{ invoice.due_date }}{% elsif invoice.days_until_due > 1 %}in {{ invoice.days_until_due | days }}, on {{ invoice.due_date }}{% else %}on {{ invoice.due_date }}{% endif %}.',
    amountToPay,
    part,
    disputed,
    'If your payment is already arranged, there is nothing more to do. If something on the invoice is not right, please tell us, and we will look into it.',
  ],
  alreadyPaid:
    'Already paid? Thank you. Please ignore this message: a payment can take a few days to reach us.',
  sms: `{{ creditor.name }}: invoice {{ invoice.number }}, {{ invoice.amount_due }}, is due {{ invoice.due_date }}. ${payLinkOrPhone}`,
};

const dueToday: ShippedContent = {
  key: 'due-today',
  purpose: 'reminder',
  subject:
    '{% if invoice.days_overdue == 0 %}Invoice {{ invoice.number }} is due today{% else %}Invoice {{ invoice.number }}: payment due {{ invoice.due_date }}{% endif %}',
  preview: '{{ invoice.amount_due }}, due {{ invoice.due_date }}. Here is how to pay.',
  heading: '{% if invoice.days_overdue == 0 %}Payment is due today{% else %}Your invoice is due{% endif %}',
  paragraphs: [
    'Invoice {{ invoice.number }} from {{ creditor.name }} {% if invoice.days_overdue == 0 %}is due for payment today, {{ invoice.due_date }}{% elsif invoice.days_overdue > 0 %}was due for payment on {{ invoice.due_date }}{% else %}is due for payment on {{ invoice.due_date }}{% endif %}.',
    amountToPay,
    part,
    disputed,
    'If something on the invoice is not right, please tell us, and we will look into it.',
  ],
  alreadyPaid:
    'Already paid? Thank you. Please ignore this message: a payment can take a few days to reach us.',
  sms: `{{ creditor.name }}: invoice {{ invoice.number }}, {{ invoice.amount_due }}, {% if invoice.days_overdue == 0 %}is due today{% elsif invoice.days_overdue > 0 %}was due {{ invoice.due_date }}{% else %}is due {{ invoice.due_date }}{% endif %}. ${payLinkOrPhone}`,
};

const overdue: ShippedContent = {
  key: 'overdue',
  purpose: 'reminder',
  subject: 'Reminder: invoice {{ invoice.number }}, due {{ invoice.due_date }}',
  preview: '{{ invoice.amount_due }} is open. If your payment is on its way, thank you.',
  heading: 'A reminder about your invoice',
  paragraphs: [
    'Our records show that invoice {{ invoice.number }} from {{ creditor.name }}, due on {{ invoice.due_date }}, has not been {% if invoice.is_partly_paid %}fully {% endif %}paid yet.{% if invoice.days_overdue > 0 %} It is {{ invoice.days_overdue | days }} past its due date.{% endif %}',
    brokenPromise,
    brokenPlan,
    returned,
    amountToPay,
    part,
    disputed,
    'It may simply have slipped through. Please arrange the payment when you read this, or let us know if something is in the way.',
  ],
  alreadyPaid:
    'Already paid? Thank you. Please ignore this message: a payment can take a few days to reach us.',
  help,
  sms: `{{ creditor.name }}: a reminder that {{ invoice.amount_due }} for invoice {{ invoice.number }}, due {{ invoice.due_date }}, is open. ${payLinkAndPhone}`,
};

const secondNotice: ShippedContent = {
  key: 'second-notice',
  purpose: 'reminder',
  subject: 'Invoice {{ invoice.number }} is still awaiting payment',
  preview:
    '{{ invoice.amount_due }}, due since {{ invoice.due_date }}. Please pay or tell us what is in the way.',
  heading: 'Your invoice is still awaiting payment',
  paragraphs: [
    'Invoice {{ invoice.number }} from {{ creditor.name }} was due on {{ invoice.due_date }}{% if invoice.days_overdue > 0 %} and is now {{ invoice.days_overdue | days }} overdue{% endif %}. We have not received {% if invoice.is_partly_paid %}the full amount{% else %}your payment{% endif %}.',
    brokenPromise,
    brokenPlan,
    returned,
    amountToPay,
    part,
    disputed,
    'Please pay it within the next few days. If you cannot pay it now, or do not agree with the invoice, please contact us so that we can find a solution.',
  ],
  alreadyPaid: 'Already paid? Thank you. Please tell us the date of your payment so that we can trace it.',
  help,
  sms: `{{ creditor.name }}: invoice {{ invoice.number }}, due {{ invoice.due_date }}, is still open: {{ invoice.amount_due }}. Please pay or call us. ${payLinkAndPhone}`,
};

const finalNotice: ShippedContent = {
  key: 'final-notice',
  purpose: 'reminder',
  subject: 'Invoice {{ invoice.number }}: please pay now or contact us',
  preview: '{{ invoice.amount_due }}, due since {{ invoice.due_date }}. A short call is enough.',
  heading: 'Please pay now or contact us',
  paragraphs: [
    'Invoice {{ invoice.number }} from {{ creditor.name }} was due on {{ invoice.due_date }}{% if invoice.days_overdue > 0 %} and is now {{ invoice.days_overdue | days }} overdue{% endif %}. We have not received {% if invoice.is_partly_paid %}the full amount{% else %}your payment{% endif %}.',
    brokenPromise,
    brokenPlan,
    returned,
    amountToPay,
    part,
    disputed,
    'We ask you to pay this amount now, or to tell us without delay when and how you will pay it.',
    'This is the final reminder we plan to send about this invoice. We would much rather settle it directly with you: a short call on {{ account_manager.phone }} is enough.',
  ],
  alreadyPaid: 'Already paid? Thank you. Please tell us the date of your payment so that we can trace it.',
  help,
  sms: `{{ creditor.name }}: {{ invoice.amount_due }} for invoice {{ invoice.number }}, due {{ invoice.due_date }}, is unpaid. Please pay now or call {{ account_manager.phone }}.{% if payment.link %} Pay: {{ payment.link }}{% endif %}`,
};

/** Of several invoices at once: each stands under its own heading, and the words around them fit them all. */
const statement: ShippedContent = {
  key: 'statement',
  purpose: 'reminder',
  severalInvoices: true,
  subject: 'Your open invoices with {{ creditor.name }}: {{ statement.total }}',
  preview: '{{ statement.count }} invoices, {{ statement.total }} in all. Here is how to pay.',
  heading: 'Your open invoices',
  paragraphs: [
    'Here is an overview of your open invoices with {{ creditor.name }}: {{ statement.count }} invoices, {{ statement.total }} in all.{% if statement.pending %} Thank you for the {{ statement.pending }} that is on its way to us; it is taken off already.{% endif %}',
    'If something on an invoice is not right, please tell us, and we will look into it.',
  ],
  alreadyPaid: 'Already paid some of it? Thank you. A payment can take a few days to reach us.',
  help,
  sms: `{{ creditor.name }}: {{ statement.count }} invoices are open, {{ statement.total }} in all. ${payLinkOrPhone}`,
};

const thankYou: ShippedContent = {
  key: 'thank-you',
  purpose: 'confirmation',
  subject: 'Thank you: payment received for invoice {{ invoice.number }}',
  preview:
    '{% if invoice.amount_due_minor > 0 %}{{ invoice.paid }} received, {{ invoice.amount_due }} remains.{% else %}The invoice is settled. There is nothing more to do.{% endif %}',
  heading: 'Thank you for your payment',
  paragraphs: [
    {
      when: 'invoice.amount_due_minor > 0',
      say: 'We have received {{ invoice.paid }} for invoice {{ invoice.number }}. Of the {{ invoice.total }}, {{ invoice.amount_due }} remains to be paid; the due date is {{ invoice.due_date }}.',
      otherwise:
        'We have received your payment. Invoice {{ invoice.number }} for {{ invoice.total }} is now settled in full, and there is nothing more to do.',
    },
    'If anything looks different on your side, please get in touch.',
  ],
  sms: '{{ creditor.name }}: thank you, we have received your payment for invoice {{ invoice.number }}. {% if invoice.amount_due_minor > 0 %}Still to pay: {{ invoice.amount_due }}.{% else %}It is settled in full.{% endif %}',
};

const whomToCall = '{{ account_manager.name }} on {{ account_manager.phone }}';

const promiseConfirmation: ShippedContent = {
  key: 'promise-confirmation',
  purpose: 'confirmation',
  subject: 'Invoice {{ invoice.number }}: we have noted your payment by {{ promise.date }}',
  preview: '{{ promise.amount }} by {{ promise.date }}. Our usual reminders about it pause until then.',
  heading: 'We have noted your payment date',
  paragraphs: [
    'Thank you for letting us know. We have noted that you will pay {{ promise.amount }} for invoice {{ invoice.number }} from {{ creditor.name }} by {{ promise.date }}.',
    'Our usual reminders about this invoice pause until the end of that day. Please give {{ payment.reference }} as the reference of your payment.',
    `If anything changes before then, please call ${whomToCall}, and we will look for another arrangement.`,
  ],
  sms: '{{ creditor.name }}: thank you. We have noted that you will pay {{ promise.amount }} for invoice {{ invoice.number }} by {{ promise.date }}. Our usual reminders about it pause until then. If anything changes, call {{ account_manager.phone }}.',
};

const agreementConfirmation: ShippedContent = {
  key: 'agreement-confirmation',
  purpose: 'confirmation',
  withoutBalance: true,
  subject: 'Invoice {{ invoice.number }}: our telephone conversation',
  preview: 'Thank you for speaking with us. We have noted what was said.',
  heading: 'Our telephone conversation',
  paragraphs: [
    'Thank you for speaking with us on the telephone about invoice {{ invoice.number }} from {{ creditor.name }}. We have noted what was said.',
    `If you remember anything differently, or would like to add something, please call ${whomToCall}.`,
  ],
  sms: '{{ creditor.name }}: thank you for speaking with us about invoice {{ invoice.number }}. We have noted what was said. If you would like to add anything, call {{ account_manager.phone }}.',
};

const invoiceCopy: ShippedContent = {
  key: 'invoice-copy',
  purpose: 'confirmation',
  waysToPay: true,
  subject: 'Your invoice {{ invoice.number }} from {{ creditor.name }}',
  preview:
    '{% if invoice.amount_due_minor > 0 %}{{ invoice.amount_due }}, due date {{ invoice.due_date }}. Here is how to pay.{% else %}There is nothing left to pay on it.{% endif %}',
  heading: '{% if invoice.has_document %}A copy of your invoice{% else %}Your invoice{% endif %}',
  paragraphs: [
    {
      when: 'invoice.has_document',
      say: 'A copy of invoice {{ invoice.number }} from {{ creditor.name }} is attached.',
      otherwise: 'Here are the details of invoice {{ invoice.number }} from {{ creditor.name }}.',
    },
    '{% if invoice.is_partly_paid %}Thank you for the {{ invoice.paid }} we have received. Of the {{ invoice.total }}, {{ invoice.amount_due }} remains to be paid; the due date is {{ invoice.due_date }}.{% elsif invoice.amount_due_minor > 0 %}The amount due is {{ invoice.amount_due }}, and the due date is {{ invoice.due_date }}.{% else %}The invoice of {{ invoice.total }} with the due date {{ invoice.due_date }} is settled in full: {{ invoice.amount_due }} remains to be paid.{% endif %}',
    'If something on the invoice is not right, or you need anything else, please tell us.',
  ],
  sms: '{{ creditor.name }}: invoice {{ invoice.number }}, total {{ invoice.total }}, due date {{ invoice.due_date }}. Still to pay: {{ invoice.amount_due }}. {% if payment.link and invoice.amount_due_minor > 0 %}Pay: {{ payment.link }}{% else %}Questions: {{ account_manager.phone }}{% endif %}',
};

/** Says what changes from now on, and nothing that could be taken for asking again. */
const stopConfirmation: ShippedContent = {
  key: 'stop-confirmation',
  purpose: 'confirmation',
  withoutInvoice: true,
  subject: 'You will receive no more messages this way',
  preview: 'We will not write to this address any more.',
  heading: 'No more messages this way',
  paragraphs: [
    'As you asked, {{ creditor.name }} will not write to you here any more.',
    'This is the last message, and it needs no answer. If you should want our messages again, write START.',
  ],
  sms: '{{ creditor.name }}: as you asked, you will receive no more messages from us here. Write START to receive them again.',
};

const startConfirmation: ShippedContent = {
  key: 'start-confirmation',
  purpose: 'confirmation',
  withoutInvoice: true,
  subject: 'You will receive our messages again',
  preview: 'We write to this address again, as you asked.',
  heading: 'Our messages reach you here again',
  paragraphs: [
    'As you asked, {{ creditor.name }} will write to you here again.',
    'You can end this at any time: write STOP.',
  ],
  sms: '{{ creditor.name }}: as you asked, you will receive messages from us here again. Write STOP to end them.',
};

const telegramGreeting: ShippedContent = {
  key: 'telegram-greeting',
  purpose: 'confirmation',
  withoutInvoice: true,
  subject: 'You will receive our messages here',
  preview: 'Messages from {{ creditor.name }} come to this chat from now on.',
  heading: 'Good to have you here',
  paragraphs: [
    'From now on messages from {{ creditor.name }} can reach you in this chat, and what you write here is read by people.',
    'You can end this at any time: write STOP.',
  ],
  sms: '{{ creditor.name }}: messages from us can reach you here from now on. Write STOP to end them.',
};

const consentConfirmation: ShippedContent = {
  key: 'consent-confirmation',
  purpose: 'confirmation',
  withoutInvoice: true,
  subject: 'Please confirm: may {{ creditor.name }} write to you here?',
  preview: 'One click, and it is settled. Without it, no messages will come here.',
  heading: 'May we write to you here?',
  paragraphs: [
    '{{ creditor.name }} was told that messages may be sent to you here. If that is what you want, please confirm it; the link works for seven days.',
    'If it is not, do nothing: without your confirmation no messages will come here.',
  ],
  button: { href: '{{ consent.link }}', label: 'Confirm' },
  sms: '{{ creditor.name }}: may we write to you here? Please confirm: {{ consent.link }} If you do not want this, do nothing.',
};

export const contentEn: ShippedContent[] = [
  headsUp,
  dueToday,
  overdue,
  secondNotice,
  finalNotice,
  thankYou,
  promiseConfirmation,
  agreementConfirmation,
  invoiceCopy,
  stopConfirmation,
  startConfirmation,
  telegramGreeting,
  consentConfirmation,
  statement,
];
