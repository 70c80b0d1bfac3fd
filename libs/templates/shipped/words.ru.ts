import type { ShippedWords } from './content.js';

export const wordsRu: ShippedWords = {
  locale: 'ru',
  greeting:
    '{% if contact.salutation %}{{ contact.salutation }}!{% elsif contact.name %}Здравствуйте, {{ contact.name }}!{% else %}Здравствуйте!{% endif %}',
  offerHeading: 'Скидка при быстрой оплате',
  offer:
    'Если до {{ offer.valid_until }} включительно вы оплатите {{ offer.amount_to_pay }}, скидка составит {{ offer.amount_off }}.',
  summary: {
    title: 'Ваш счёт',
    number: 'Номер счёта',
    issued: 'Дата счёта',
    due: 'Срок оплаты',
    total: 'Сумма счёта',
    paid: 'Уже получено',
    disputed: 'Уточняем',
    remaining: 'Осталось оплатить',
    amountDue: 'К оплате',
  },
  payButton: 'Оплатить {{ invoice.amount_due }}',
  payAllButton: 'Оплатить {{ statement.total }}',
  totalDue: 'Всего к оплате',
  payLinkText: 'Оплатить онлайн',
  bank: {
    heading: 'Как оплатить',
    headingWithLink: 'Или банковским переводом',
    payee: 'Получатель',
    bankName: 'Банк',
    iban: 'IBAN',
    bic: 'БИК (BIC)',
    account: 'Номер счёта в банке',
    reference: 'Назначение платежа',
  },
  howToPayByPhone: 'Куда перевести оплату, подскажем по телефону {{ account_manager.phone }}.',
  document: 'Скачать счёт (PDF)',
  contactHeading: 'С кем связаться',
  vatId: 'ИНН (VAT ID)',
  choose: 'Выбрать, как вам писать',
  preferences: 'Не присылать такие письма',
  logoAlt: '{{ creditor.name }}',
};
