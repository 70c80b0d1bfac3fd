import type { Paragraph, ShippedContent } from './content.js';

/**
 * Names and dates stand where they need not be declined, and no sentence ends with a date: it ends with «г.» already.
 */
const invoiceNo = '№\u00A0{{ invoice.number }}';
const payLinkOrPhone =
  '{% if payment.link %}Оплатить: {{ payment.link }}{% else %}Вопросы: {{ account_manager.phone }}{% endif %}';
const payLinkAndPhone =
  '{% if payment.link %}Оплатить: {{ payment.link }} {% endif %}Вопросы: {{ account_manager.phone }}';

const amountToPay: Paragraph = {
  when: 'invoice.is_partly_paid',
  say: 'Спасибо, мы уже получили {{ invoice.paid }}. Осталось оплатить {{ invoice.amount_due }} из {{ invoice.total }}.',
  otherwise: 'Сумма к оплате\u00A0— {{ invoice.amount_due }}.',
};

const ignoreIfPaid =
  'Уже оплатили? Спасибо! Тогда просто не обращайте внимания на это письмо: платёж может идти несколько дней.';
const tellIfPaid = 'Уже оплатили? Спасибо! Сообщите нам, пожалуйста, дату платежа, и мы его найдём.';

const help =
  '{% if broken_plan or part %}Позвоните или напишите нам\u00A0— вместе подберём подходящий вариант.{% else %}Нужно больше времени или удобнее платить частями? Позвоните или напишите нам\u00A0— вместе подберём подходящий вариант.{% endif %}';

const tellIfWrong = 'Если в счёте что-то не так, сообщите нам\u00A0— мы разберёмся.';

const disputed: Paragraph = {
  when: 'invoice.disputed',
  say: 'Вы сообщили нам, что {{ invoice.disputed }} по этому счёту вызывает вопросы. Мы разбираемся; это письмо\u00A0— об остальной сумме.',
};

const brokenPromise: Paragraph = {
  when: 'broken_promise',
  say: 'Мы записали, что вы оплатите {{ broken_promise.amount }} не позднее {{ broken_promise.date }}{% if broken_promise.paid %} Из них {{ broken_promise.paid }} уже получено.{% endif %} Если что-то помешало, пожалуйста, сообщите нам, и мы вместе выберем другую дату.',
};

const part: Paragraph = {
  when: 'part',
  say: '{% if part.name %}Это оплата этапа «{{ part.name }}», {{ part.number }} из {{ part.count }}{% else %}Это платёж {{ part.number }} из {{ part.count }}{% endif %}: {{ part.amount }}.{% if part.done %} Уже оплачено: {{ part.done }} из {{ part.count }}, спасибо.{% endif %}{% if part.rest %} После него останется {{ part.rest }}.{% endif %}',
};

const brokenPlan: Paragraph = {
  when: 'broken_plan',
  say: 'Мы договорились об оплате частями, но платёж со сроком {{ broken_plan.date }} к нам не поступил, поэтому эта договорённость больше не действует, и остаток подлежит оплате сейчас. Если что-то помешало, пожалуйста, сообщите нам, и мы вместе найдём другой вариант.',
};

const returned: Paragraph = {
  when: 'returned_payment',
  say: 'Ваш платёж {{ returned_payment.amount }} от {{ returned_payment.date }} вернулся из банка, поэтому эта сумма снова к оплате. Если вы не знаете причины, пожалуйста, обратитесь в банк или сообщите нам.',
};

const headsUp: ShippedContent = {
  key: 'heads-up',
  purpose: 'reminder',
  subject: `Счёт ${invoiceNo}: срок оплаты\u00A0— {{ invoice.due_date }}`,
  preview: 'К оплате {{ invoice.amount_due }}. Как оплатить\u00A0— в письме.',
  heading: 'Скоро срок оплаты счёта',
  paragraphs: [
    `Напоминаем: {% if invoice.days_until_due == 1 %}завтра, {{ invoice.due_date }},{% elsif invoice.days_until_due > 1 %}через {{ invoice.days_until_due | days }}, {{ invoice.due_date }},{% else %}{{ invoice.due_date }}{% endif %} наступает срок оплаты счёта ${invoiceNo} от {{ creditor.name }}.`,
    amountToPay,
    part,
    disputed,
    `Если платёж уже запланирован, больше ничего делать не нужно. ${tellIfWrong}`,
  ],
  alreadyPaid: ignoreIfPaid,
  sms: `{{ creditor.name }}: счёт ${invoiceNo}, {{ invoice.amount_due }}, срок оплаты {{ invoice.due_date }} ${payLinkOrPhone}`,
};

const dueToday: ShippedContent = {
  key: 'due-today',
  purpose: 'reminder',
  subject: `{% if invoice.days_overdue == 0 %}Сегодня срок оплаты счёта ${invoiceNo}{% else %}Счёт ${invoiceNo}: срок оплаты\u00A0— {{ invoice.due_date }}{% endif %}`,
  preview: 'К оплате {{ invoice.amount_due }}. Как оплатить\u00A0— в письме.',
  heading:
    '{% if invoice.days_overdue == 0 %}Сегодня срок оплаты счёта{% else %}Срок оплаты счёта{% endif %}',
  paragraphs: [
    `{% if invoice.days_overdue == 0 %}Сегодня, {{ invoice.due_date }}, наступает{% elsif invoice.days_overdue > 0 %}{{ invoice.due_date }} наступил{% else %}{{ invoice.due_date }} наступает{% endif %} срок оплаты счёта ${invoiceNo} от {{ creditor.name }}.`,
    amountToPay,
    part,
    disputed,
    tellIfWrong,
  ],
  alreadyPaid: ignoreIfPaid,
  sms: `{{ creditor.name }}: {% if invoice.days_overdue == 0 %}сегодня срок оплаты счёта ${invoiceNo}, {{ invoice.amount_due }}.{% else %}счёт ${invoiceNo}, {{ invoice.amount_due }}, срок оплаты {{ invoice.due_date }}{% endif %} ${payLinkOrPhone}`,
};

const overdue: ShippedContent = {
  key: 'overdue',
  purpose: 'reminder',
  subject: `Напоминание: счёт ${invoiceNo}, срок оплаты\u00A0— {{ invoice.due_date }}`,
  preview: 'К оплате {{ invoice.amount_due }}. Если платёж уже в пути\u00A0— спасибо!',
  heading: 'Напоминание об оплате счёта',
  paragraphs: [
    `По нашим данным, счёт ${invoiceNo} от {{ creditor.name }} со сроком оплаты {{ invoice.due_date }} пока {% if invoice.is_partly_paid %}оплачен не полностью{% else %}не оплачен{% endif %}.{% if invoice.days_overdue > 0 %} Срок истёк {{ invoice.days_overdue | days }} назад.{% endif %}`,
    brokenPromise,
    brokenPlan,
    returned,
    amountToPay,
    part,
    disputed,
    'Возможно, счёт просто затерялся. Пожалуйста, оплатите его в ближайшее время или сообщите нам, если что-то мешает.',
  ],
  alreadyPaid: ignoreIfPaid,
  help,
  sms: `{{ creditor.name }}: напоминаем об оплате счёта ${invoiceNo}, {{ invoice.amount_due }}, срок был {{ invoice.due_date }} ${payLinkAndPhone}`,
};

const secondNotice: ShippedContent = {
  key: 'second-notice',
  purpose: 'reminder',
  subject: `Счёт ${invoiceNo} всё ещё ждёт оплаты`,
  preview: 'К оплате {{ invoice.amount_due }}. Оплатите или сообщите, что мешает.',
  heading: 'Счёт всё ещё ждёт оплаты',
  paragraphs: [
    `Счёт ${invoiceNo} от {{ creditor.name }} нужно было оплатить не позднее {{ invoice.due_date }}, но {% if invoice.is_partly_paid %}полная сумма{% else %}оплата{% endif %} к нам пока не поступила.{% if invoice.days_overdue > 0 %} Срок истёк {{ invoice.days_overdue | days }} назад.{% endif %}`,
    brokenPromise,
    brokenPlan,
    returned,
    amountToPay,
    part,
    disputed,
    'Пожалуйста, оплатите счёт в ближайшие дни. Если сейчас это невозможно или вы не согласны со счётом, свяжитесь с нами\u00A0— вместе найдём решение.',
  ],
  alreadyPaid: tellIfPaid,
  help,
  sms: `{{ creditor.name }}: счёт ${invoiceNo} всё ещё ждёт оплаты: {{ invoice.amount_due }}. Оплатите, пожалуйста, или позвоните нам. ${payLinkAndPhone}`,
};

const finalNotice: ShippedContent = {
  key: 'final-notice',
  purpose: 'reminder',
  subject: `Счёт ${invoiceNo}: пожалуйста, оплатите или свяжитесь с нами`,
  preview: 'К оплате {{ invoice.amount_due }}. Достаточно короткого звонка.',
  heading: 'Пожалуйста, оплатите счёт или свяжитесь с нами',
  paragraphs: [
    `Счёт ${invoiceNo} от {{ creditor.name }} нужно было оплатить не позднее {{ invoice.due_date }}, но {% if invoice.is_partly_paid %}полная сумма{% else %}оплата{% endif %} к нам так и не поступила.{% if invoice.days_overdue > 0 %} Срок истёк {{ invoice.days_overdue | days }} назад.{% endif %}`,
    brokenPromise,
    brokenPlan,
    returned,
    amountToPay,
    part,
    disputed,
    'Просим оплатить счёт сейчас или безотлагательно сообщить нам, когда и как вы сможете это сделать.',
    'Это последнее напоминание, которое мы планируем отправить по этому счёту. Нам хотелось бы решить вопрос напрямую с вами: достаточно короткого звонка по телефону {{ account_manager.phone }}.',
  ],
  alreadyPaid: tellIfPaid,
  help,
  sms: `{{ creditor.name }}: счёт ${invoiceNo} не оплачен, к оплате {{ invoice.amount_due }}. Оплатите, пожалуйста, сейчас или позвоните: {{ account_manager.phone }}.{% if payment.link %} Оплатить: {{ payment.link }}{% endif %}`,
};

const statement: ShippedContent = {
  key: 'statement',
  purpose: 'reminder',
  severalInvoices: true,
  subject: 'Ваши открытые счета от {{ creditor.name }}: {{ statement.total }}',
  preview: 'Счетов: {{ statement.count }}, всего {{ statement.total }}. Как оплатить\u00A0— в письме.',
  heading: 'Ваши открытые счета',
  paragraphs: [
    'Собрали вместе ваши открытые счета от {{ creditor.name }}. Их количество\u00A0— {{ statement.count }}, всего к оплате {{ statement.total }}.{% if statement.pending %} Спасибо за платёж на {{ statement.pending }}, который уже в пути: мы его учли.{% endif %}',
    tellIfWrong,
  ],
  alreadyPaid: 'Часть уже оплатили? Спасибо! Платёж может идти несколько дней.',
  help,
  sms: `{{ creditor.name }}: открытых счетов\u00A0— {{ statement.count }}, всего к оплате {{ statement.total }}. ${payLinkOrPhone}`,
};

const thankYou: ShippedContent = {
  key: 'thank-you',
  purpose: 'confirmation',
  subject: `Спасибо! Оплата по счёту ${invoiceNo} получена`,
  preview:
    '{% if invoice.amount_due_minor > 0 %}Получено {{ invoice.paid }}, осталось {{ invoice.amount_due }}.{% else %}Счёт закрыт, больше ничего делать не нужно.{% endif %}',
  heading: 'Спасибо за оплату!',
  paragraphs: [
    {
      when: 'invoice.amount_due_minor > 0',
      say: `По счёту ${invoiceNo} мы получили {{ invoice.paid }}. Осталось оплатить {{ invoice.amount_due }} из {{ invoice.total }}; срок оплаты\u00A0— {{ invoice.due_date }}`,
      otherwise: `Мы получили ваш платёж. Счёт ${invoiceNo} на сумму {{ invoice.total }} закрыт, больше ничего делать не нужно.`,
    },
    'Если у вас другие данные, пожалуйста, свяжитесь с нами.',
  ],
  sms: `{{ creditor.name }}: спасибо, оплата по счёту ${invoiceNo} получена. {% if invoice.amount_due_minor > 0 %}Осталось оплатить {{ invoice.amount_due }}.{% else %}Счёт закрыт.{% endif %}`,
};

const whomToCall = '{{ account_manager.name }}, {{ account_manager.phone }}';

const promiseConfirmation: ShippedContent = {
  key: 'promise-confirmation',
  purpose: 'confirmation',
  subject: `Счёт ${invoiceNo}: мы записали дату оплаты\u00A0— {{ promise.date }}`,
  preview:
    '{{ promise.amount }} не позднее {{ promise.date }} До этого дня напоминания об этом счёте приостановлены.',
  heading: 'Мы записали дату оплаты',
  paragraphs: [
    `Спасибо, что сообщили нам. Мы записали: вы оплатите {{ promise.amount }} по счёту ${invoiceNo} от {{ creditor.name }} не позднее {{ promise.date }}`,
    'До конца этого дня обычные напоминания об этом счёте приостановлены. В назначении платежа укажите, пожалуйста: «{{ payment.reference }}».',
    `Если что-то изменится, пожалуйста, позвоните нам заранее\u00A0— вместе подберём другой вариант: ${whomToCall}.`,
  ],
  sms: `{{ creditor.name }}: спасибо! Записали: {{ promise.amount }} по счёту ${invoiceNo} не позднее {{ promise.date }} До этого дня напоминания о нём приостановлены. Если что-то изменится, позвоните: {{ account_manager.phone }}`,
};

const agreementConfirmation: ShippedContent = {
  key: 'agreement-confirmation',
  purpose: 'confirmation',
  withoutBalance: true,
  subject: `Счёт ${invoiceNo}: наш телефонный разговор`,
  preview: 'Спасибо за разговор. Мы записали, о чём шла речь.',
  heading: 'Наш телефонный разговор',
  paragraphs: [
    `Спасибо, что поговорили с нами по телефону о счёте ${invoiceNo} от {{ creditor.name }}. Мы записали, о чём шла речь.`,
    `Если вы помните что-то иначе или хотите что-то добавить, пожалуйста, позвоните нам: ${whomToCall}.`,
  ],
  sms: `{{ creditor.name }}: спасибо за разговор о счёте ${invoiceNo}. Мы записали, о чём шла речь. Если хотите что-то добавить, позвоните: {{ account_manager.phone }}`,
};

const invoiceCopy: ShippedContent = {
  key: 'invoice-copy',
  purpose: 'confirmation',
  waysToPay: true,
  subject: `Ваш счёт ${invoiceNo} от {{ creditor.name }}`,
  preview:
    '{% if invoice.amount_due_minor > 0 %}К оплате {{ invoice.amount_due }}, срок оплаты\u00A0— {{ invoice.due_date }} Как оплатить\u00A0— в письме.{% else %}Оплачивать больше ничего не нужно.{% endif %}',
  heading: '{% if invoice.has_document %}Копия вашего счёта{% else %}Ваш счёт{% endif %}',
  paragraphs: [
    {
      when: 'invoice.has_document',
      say: `Копия счёта ${invoiceNo} от {{ creditor.name }} приложена к этому письму.`,
      otherwise: `Вот данные счёта ${invoiceNo} от {{ creditor.name }}.`,
    },
    '{% if invoice.is_partly_paid %}Спасибо, мы уже получили {{ invoice.paid }}. Осталось оплатить {{ invoice.amount_due }} из {{ invoice.total }}; срок оплаты\u00A0— {{ invoice.due_date }}{% elsif invoice.amount_due_minor > 0 %}Сумма к оплате\u00A0— {{ invoice.amount_due }}, срок оплаты\u00A0— {{ invoice.due_date }}{% else %}Счёт на сумму {{ invoice.total }} со сроком оплаты {{ invoice.due_date }} закрыт, осталось оплатить {{ invoice.amount_due }}.{% endif %}',
    'Если в счёте что-то не так или нужно что-то ещё, сообщите нам.',
  ],
  sms: `{{ creditor.name }}: счёт ${invoiceNo} на {{ invoice.total }}, срок оплаты {{ invoice.due_date }} Осталось оплатить: {{ invoice.amount_due }}. {% if payment.link and invoice.amount_due_minor > 0 %}Оплатить: {{ payment.link }}{% else %}Вопросы: {{ account_manager.phone }}{% endif %}`,
};

const stopConfirmation: ShippedContent = {
  key: 'stop-confirmation',
  purpose: 'confirmation',
  withoutInvoice: true,
  subject: 'Больше сообщений по этому каналу не будет',
  preview: 'Мы больше не будем писать на этот адрес.',
  heading: 'Больше сообщений здесь не будет',
  paragraphs: [
    'Как вы просили, {{ creditor.name }} больше не будет писать вам сюда.',
    'Это последнее сообщение, отвечать на него не нужно. Если захотите снова получать сообщения, напишите СТАРТ.',
  ],
  sms: '{{ creditor.name }}: как вы просили, больше не пишем вам сюда. Чтобы снова получать сообщения, напишите СТАРТ.',
};

const startConfirmation: ShippedContent = {
  key: 'start-confirmation',
  purpose: 'confirmation',
  withoutInvoice: true,
  subject: 'Вы снова будете получать наши сообщения',
  preview: 'Мы снова пишем на этот адрес, как вы просили.',
  heading: 'Мы снова пишем вам сюда',
  paragraphs: [
    'Как вы просили, {{ creditor.name }} снова будет писать вам сюда.',
    'Отказаться можно в любой момент: напишите СТОП.',
  ],
  sms: '{{ creditor.name }}: как вы просили, снова пишем вам сюда. Чтобы отказаться, напишите СТОП.',
};

const telegramGreeting: ShippedContent = {
  key: 'telegram-greeting',
  purpose: 'confirmation',
  withoutInvoice: true,
  subject: 'Наши сообщения будут приходить сюда',
  preview: 'Сообщения от {{ creditor.name }} теперь приходят в этот чат.',
  heading: 'Рады, что вы здесь',
  paragraphs: [
    'Теперь сообщения от {{ creditor.name }} могут приходить в этот чат, а ваши ответы здесь читают люди.',
    'Отказаться можно в любой момент: напишите СТОП.',
  ],
  sms: '{{ creditor.name }}: теперь мы можем писать вам сюда. Чтобы отказаться, напишите СТОП.',
};

const consentConfirmation: ShippedContent = {
  key: 'consent-confirmation',
  purpose: 'confirmation',
  withoutInvoice: true,
  subject: 'Подтвердите, пожалуйста: можно ли {{ creditor.name }} писать вам сюда?',
  preview: 'Достаточно одного нажатия. Без него сообщения сюда приходить не будут.',
  heading: 'Можно ли писать вам сюда?',
  paragraphs: [
    'Нам сообщили, что вы согласны получать здесь сообщения от {{ creditor.name }}. Если это так, подтвердите, пожалуйста; ссылка действует семь дней.',
    'Если нет, ничего делать не нужно: без вашего подтверждения сообщения сюда приходить не будут.',
  ],
  button: { href: '{{ consent.link }}', label: 'Подтвердить' },
  sms: '{{ creditor.name }}: можно писать вам сюда? Подтвердите: {{ consent.link }}',
};

export const contentRu: ShippedContent[] = [
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
