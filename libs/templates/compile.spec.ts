import { compileTemplate } from './compile.js';
import { render } from './render.js';
import { sampleTags, type MergeTagOverrides } from './sample-tags.js';
import type { CompiledTemplate, TemplateProblem, TemplateSource } from './template.js';

const REQUIRED =
  '{{ invoice.number }} {{ invoice.amount_due }} {{ invoice.due_date }} {{ payment.reference }} {{ account_manager.phone }}';

const mjml = (body: string, head = ''): string =>
  `<mjml lang="en"><mj-head><mj-title>T</mj-title>${head}</mj-head><mj-body>\n${body}\n<mj-section><mj-column><mj-text>${REQUIRED}</mj-text></mj-column></mj-section></mj-body></mjml>`;

const column = (inner: string): string => `<mj-section><mj-column>${inner}</mj-column></mj-section>`;

const source = (overrides: Partial<TemplateSource> = {}): TemplateSource => ({
  key: 'reminder',
  locale: 'en',
  subject: 'Invoice {{ invoice.number }}',
  mjml: mjml(column('<mj-text>Hello</mj-text>')),
  text: REQUIRED,
  sms: REQUIRED,
  ...overrides,
});

async function compiled(overrides: Partial<TemplateSource> = {}): Promise<CompiledTemplate> {
  const result = await compileTemplate(source(overrides));
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
  return result.template;
}

async function problems(overrides: Partial<TemplateSource>): Promise<TemplateProblem[]> {
  const result = await compileTemplate(source(overrides));
  return result.ok ? [] : result.problems;
}

const htmlOf = async (body: string, overrides: MergeTagOverrides = {}): Promise<string> =>
  render(await compiled({ mjml: mjml(body) }), sampleTags('en', overrides)).html;

describe('MJML with Liquid inside', () => {
  it('keeps Liquid in text, attributes, colours and tables', async () => {
    const html = await htmlOf(
      column(
        '<mj-button href="{{ payment.link }}" background-color="{{ creditor.colour }}">{{ invoice.amount_due }}</mj-button>'.replace(
          '{{ payment.link }}',
          '{% if payment.link %}{{ payment.link }}{% endif %}',
        ) + '<mj-table><tr><td>{{ contact.name | default: "a < b & \\"c\\"" }}</td></tr></mj-table>',
      ),
      { contact: { name: null } },
    );
    expect(html).toContain('href="https://pay.northwind.example/i/q7Rk2"');
    expect(html).toContain('background:#0b5d66');
    expect(html).toContain('<td>a &lt; b &amp; &#34;c&#34;</td>');
  });

  it('keeps control flow between elements, whether in mj-raw or loose', async () => {
    const section = column('<mj-text>There is an offer</mj-text>');
    const loose = `{% if offer %}\n${section}\n{% else %}${column('<mj-text>None</mj-text>')}{% endif %}`;
    const raw = `<mj-raw>{% if offer %}</mj-raw>${section}<mj-raw>{% endif %}</mj-raw>`;
    const offer = { amount_off: '1', amount_to_pay: '2', valid_until: '3' };
    for (const body of [loose, raw]) {
      expect(await htmlOf(body, { offer })).toContain('There is an offer');
      expect(await htmlOf(body)).not.toContain('There is an offer');
    }
    expect(await htmlOf(loose)).toContain('None');
  });

  it('keeps comparisons and quotation marks in conditions as written', async () => {
    const body = column(
      '<mj-text>{% if invoice.days_overdue > 3 and invoice.currency != "USD" %}late{% endif %}</mj-text>',
    );
    expect(await htmlOf(body)).toContain('late');
  });

  it('adds no remote font', async () => {
    expect((await compiled()).html).not.toContain('fonts.googleapis.com');
  });

  it.each([
    ['an include', '<mj-include path="/etc/passwd" type="html" />', 'mj-include'],
    ['an unknown element', column('<mj-txt>x</mj-txt>'), 'mj-txt'],
    ['an unknown attribute', column('<mj-text colour="red">x</mj-text>'), 'colour'],
    ['a wrong colour', column('<mj-text color="reddish">x</mj-text>'), 'reddish'],
    [
      'Liquid in a measure',
      column('<mj-text font-size="{{ invoice.days_overdue }}px">x</mj-text>'),
      'font-size',
    ],
    ['loose text', 'Hello <mj-section />', 'MJML would drop the text'],
    ['Liquid in a comment', '<!-- {{ invoice.number }} -->', 'MJML would drop {{ invoice.number }}'],
  ])('refuses %s', async (_name, body, expected) => {
    const found = await problems({ mjml: mjml(body) });
    expect(found.map(({ message }) => message).join()).toContain(expected);
    expect(found.every(({ part }) => part === 'mjml')).toBe(true);
  });

  it('names the line in the source although Liquid spans several', async () => {
    const body = column('<mj-text>{{ invoice.number\n\n| upcase }}</mj-text>\n<mj-txt>x</mj-txt>');
    expect(await problems({ mjml: mjml(body) })).toContainEqual(
      expect.objectContaining({ part: 'mjml', line: 5 }),
    );
  });

  it('writes no indentation, unless something in it is preformatted', async () => {
    expect(await htmlOf('<mj-section><mj-column><mj-text>A</mj-text></mj-column></mj-section>')).not.toMatch(
      /\n\s/,
    );
    const pre = await htmlOf(
      '<mj-section><mj-column><mj-text><pre>a\n  b</pre></mj-text></mj-column></mj-section>',
    );
    expect(pre).toContain('a\n  b');
  });

  it.each(['', 'no markup', '<mjml>', '<mjml></mjml>', '<mj-text>x</mj-text>', '<mjml><mj-body></mj-body>'])(
    'gives problems, not exceptions, for %j',
    async (broken) => {
      expect(await problems({ mjml: broken })).not.toEqual([]);
    },
  );

  it('gives a problem for conditions nested without measure', async () => {
    const deep = '{% if offer %}'.repeat(7_000) + '{% endif %}'.repeat(7_000);
    expect((await problems({ text: deep })).map(({ message }) => message)).toContain(
      'Conditions are nested 7000 deep; at most 20 are allowed.',
    );
  });
});

describe('merge tag lint', () => {
  it('names template, locale, part, line and tag and suggests the nearest tag', async () => {
    expect(await problems({ text: `${REQUIRED}\n\n{{ invoice.amount_deu }}` })).toEqual([
      {
        template: 'reminder',
        locale: 'en',
        part: 'text',
        line: 3,
        tag: 'invoice.amount_deu',
        message: 'There is no merge tag “invoice.amount_deu”; did you mean “invoice.amount_due”?',
      },
    ]);
  });

  it.each([
    ['{{ invoice.number | upcse }}', 'There is no filter “upcse”; did you mean “upcase”?'],
    ['{{ invoice.number | raw }}', 'There is no filter “raw”'],
    ['{% for i in (1..1000000) %}x{% endfor %}', 'There is no {% for %} here'],
    ['{% include "x" %}', 'There is no {% include %} here'],
    ['{% assign a = invoice.number %}', 'There is no {% assign %} here'],
    ['{% if offer %}x', 'Not closed: tag {% if offer %}'],
    ['{{ invoice.number', 'Not closed: output'],
    ['x{% endif %}', '{% endif %} has no beginning'],
    ['{{ contact.given_name }}', 'may be unknown: put it inside {% if contact.given_name %}'],
    ['{{ offer.amount_off }}', 'exists only inside {% if offer %}'],
    ['{% if offer.amount_off %}x{% endif %}', 'exists only inside {% if offer %}'],
    ['{{ promise.date }}', 'exists only inside {% if promise %}'],
    ['{% if offer %}x{% else %}{{ offer.amount_off }}{% endif %}', 'exists only inside {% if offer %}'],
    ['{% if offer or contact.name %}{{ contact.name }}{% endif %}', '“contact.name” may be unknown'],
    ['{% if contact.name == nil %}{{ contact.name }}{% endif %}', '“contact.name” may be unknown'],
    ['{% unless contact.name %}{{ contact.name }}{% endunless %}', '“contact.name” may be unknown'],
    ['{{ invoice }}', '“invoice” is a group'],
    ['{% if invoice %}x{% endif %}', '“invoice” is always there'],
    ['{{ invoice.is_partly_paid }}', 'is for conditions'],
    ['{{ invoice[customer.name] }}', 'cannot be checked'],
    ['{{ customer.name.size }}', 'There is no merge tag “customer.name.size”'],
    ['{{ total }}', 'A merge tag has two parts'],
    ['{{ customer.constructor }}', 'There is no merge tag'],
    ['{{ contact.name | default: nonsense }}', 'There is no merge tag “nonsense”'],
    ['{% if offer contact.name %}x{% endif %}', 'Join the conditions'],
    ['{% case invoice.curency %}{% when "EUR" %}x{% endcase %}', 'did you mean “invoice.currency”'],
  ])('refuses %s', async (liquid, expected) => {
    const found = await problems({ text: `${REQUIRED} ${liquid}` });
    expect(found.map(({ message }) => message).join('\n')).toContain(expected);
  });

  it.each([
    '{{ contact.given_name | default: "you" }}',
    '{% if contact.name %}{{ contact.name }}{% endif %}',
    '{% if contact.name != blank %}{{ contact.name }}{% endif %}',
    '{% if contact.name and offer %}{{ contact.name }} {{ offer.amount_off }}{% endif %}',
    '{% unless contact.name %}x{% else %}{{ contact.name }}{% endunless %}',
    '{% if creditor.iban == "X" %}{{ creditor.iban }}{% endif %}',
    '{% case invoice.currency %}{% when "EUR", "USD" %}x{% else %}y{% endcase %}',
    '{% comment %}{{ nonsense }}{% endcomment %}{% # note %}{% raw %}{{ nonsense }}{% endraw %}',
    "{{ invoice['number'] }} {{ invoice.days_overdue | days }}",
  ])('allows %s', async (liquid) => {
    expect(await problems({ text: `${REQUIRED} ${liquid}` })).toEqual([]);
  });

  it('lists the tags used, sorted, conditions included', async () => {
    const { tags } = await compiled({ sms: `${REQUIRED}{% if offer %}{{ offer.amount_off }}{% endif %}` });
    expect(tags).toEqual([
      'account_manager.phone', 'invoice.amount_due', 'invoice.due_date', 'invoice.number', 'offer.amount_off', 'payment.reference',
    ]); // prettier-ignore
  });

  it('refuses a locale that is none', async () => {
    expect(await problems({ locale: 'english!' })).toContainEqual(
      expect.objectContaining({ part: 'template' }),
    );
  });
});

describe('what a message must say', () => {
  const without = (tag: string): string => REQUIRED.replace(`{{ ${tag} }}`, '');

  it.each([
    ['text', 'invoice.amount_due', 'the amount due'],
    ['text', 'invoice.due_date', 'the due date'],
    ['text', 'payment.reference', 'a way to pay'],
    ['text', 'account_manager.phone', 'a telephone number'],
    ['sms', 'invoice.amount_due', 'the amount due'],
    ['sms', 'invoice.number', 'the invoice number'],
    ['sms', 'account_manager.phone', 'a link or a telephone number'],
    ['direct', 'invoice.number', 'the invoice number'],
  ] as const)('a reminder whose %s lacks %s is refused', async (part, tag, what) => {
    const [found] = await problems({ [part]: without(tag) });
    expect(found).toMatchObject({ part, line: null });
    expect(found?.message).toContain(what);
  });

  it('the HTML is held to the same', async () => {
    const bare = mjml('').replace('{{ invoice.due_date }}', '');
    expect(await problems({ mjml: bare })).toContainEqual(
      expect.objectContaining({ part: 'mjml', tag: 'invoice.due_date' }),
    );
  });

  it('said under one condition only is not said', async () => {
    const guarded = `${without('invoice.amount_due')}{% if offer %}{{ invoice.amount_due }}{% endif %}`;
    expect(await problems({ text: guarded })).toHaveLength(1);
    const both = guarded.replace('{% endif %}', '{% else %}{{ invoice.amount_due }}{% endif %}');
    expect(await problems({ text: both })).toEqual([]);
  });

  it('a link with a telephone number in its stead will do', async () => {
    const sms = `${without('account_manager.phone')}{% if payment.link %}{{ payment.link }}{% else %}{{ creditor.phone }}{% endif %}`;
    expect(await problems({ sms })).toEqual([]);
  });

  it('a confirmation need not say how to pay', async () => {
    const said = 'Thank you: {{ invoice.number }}, {{ creditor.phone }}';
    const thanks = { subject: 'Thanks', text: said, sms: said };
    expect(await problems({ ...thanks, key: 'thank-you' })).toEqual([]);
    expect(await problems({ ...thanks, purpose: 'confirmation' })).toEqual([]);
    expect(await problems({ ...thanks, key: 'agreement-confirmation' })).toEqual([]);
    expect(await problems({ ...thanks, key: 'thank-you', purpose: 'reminder' })).not.toEqual([]);
  });

  it('the confirmation of a promise must say what was promised by when, for there it always exists', async () => {
    const said = `${REQUIRED} {{ promise.amount }} {{ promise.date }}`;
    const key = 'promise-confirmation';
    const letter = { key, subject: 'By {{ promise.date }}', text: said, sms: said };
    const html = mjml(column('<mj-text>{{ promise.amount }} {{ promise.date }}</mj-text>'));
    expect(await problems({ ...letter, mjml: html })).toEqual([]);
    expect(await problems({ ...letter, mjml: html, key: 'other' })).not.toEqual([]);
    const found = await problems({ ...letter, mjml: html, text: REQUIRED });
    expect(found.map(({ part, tag }) => [part, tag])).toEqual([
      ['text', 'promise.amount'],
      ['text', 'promise.date'],
    ]);
    expect(found[0]?.message).toContain('“promise-confirmation” must say the amount that was promised');
  });

  it.each([
    ['text', 'invoice.amount_due'],
    ['text', 'invoice.due_date'],
    ['text', 'payment.reference'],
    ['sms', 'invoice.amount_due'],
    ['sms', 'account_manager.phone'],
  ] as const)('a copy of an invoice whose %s lacks %s is refused', async (part, tag) => {
    expect(await problems({ key: 'invoice-copy' })).toEqual([]);
    const found = await problems({ key: 'invoice-copy', [part]: without(tag) });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ part });
  });
});

describe('values in dangerous places of the HTML', () => {
  it.each([
    ['<a href="{{ customer.name }}">x</a>', 'is not safe in href'],
    ['<a href="{{ payment.reference }}">x</a>', 'is not safe in href'],
    ['<a href="https://{{ customer.name }}/">x</a>', 'is not safe in href'],
    ['<a href="https://x.example/?q={{ customer.name }}">x</a>', 'is not safe in href'],
    ['<a href="mailto:{{ creditor.email }}?subject={{ invoice.number }}">x</a>', 'is not safe in href'],
    ['<a href="java{% if offer %}{% endif %}script:alert(1)">x</a>', 'must be a full address'],
    ['<a href="javascript:alert(1)">x</a>', 'must be a full address'],
    ['<a href="&#106;avascript:alert(1)">x</a>', 'must be a full address'],
    ['<a href=" data:text/html,x">x</a>', 'must be a full address'],
    ['<a href={{ invoice.number }}>x</a>', 'between quotation marks'],
    ['<b {{ invoice.number }}>x</b>', 'between quotation marks'],
    ['<b style="width:{{ invoice.number }}">x</b>', 'stands in CSS'],
    ['<b onclick="x()">x</b>', 'runs scripts'],
    ['<b title="x" onclick="{{ invoice.number }}">x</b>', 'runs scripts'],
    ['<b title="{% if offer %}"{% endif %} x="y">x</b>', 'must begin and end in the same'],
    ['<b {% if offer %}>{% endif %}x</b>', 'must begin and end in the same'],
    ['<scr{% if offer %}ipt{% endif %}>x</b>', 'part of an element’s name'],
    ['<{% if offer %}b{% endif %}>x</b>', 'cannot come from Liquid'],
    ['<b on{% if offer %}{% endif %}click="x">x</b>', 'part of an attribute’s name'],
    ['<b {% if offer %}onclick="x"{% endif %}>x</b>', 'runs scripts'],
    ['<script>x</script>', '<script> is not allowed'],
    ['<iframe src="https://x.example/"></iframe>', '<iframe> is not allowed'],
    ['<style>.x { color: {{ customer.name }} }</style>', 'stands in CSS'],
    ['<!--[if mso]><a href="{{ customer.name }}">x</a><![endif]-->', 'is not safe in href'],
  ])('refuses %s', async (html, expected) => {
    const found = await problems({ mjml: mjml(column(`<mj-text>${html}</mj-text>`)) });
    expect(found.map(({ message }) => message).join('\n')).toContain(expected);
    expect(found[0]).toMatchObject({ part: 'mjml', line: html.includes('java{%') ? null : 2 });
  });

  it.each([
    '<a href="https://x.example/?q={{ customer.name | url_encode }}">x</a>',
    '<a href="tel:{{ creditor.phone | tel }}">x</a>',
    '<a href="mailto:{{ creditor.email }}">x</a>',
    '<b title="{{ customer.name }}" style="color:{{ creditor.colour | text_on }}">x</b>',
    '{% if creditor.website %}<a href="{{ creditor.website }}">x</a>{% endif %}',
    '<b {% if offer %}title="x"{% endif %}>x</b>',
    '<b {% if offer %}title="x"{% else %}title="y"{% endif %} lang="{% case invoice.currency %}{% when "EUR" %}de{% endcase %}">x</b>',
    '2 < 3 and {% if offer %}<b>x</b>{% else %}y{% endif %}',
  ])('allows %s', async (html) => {
    expect(await problems({ mjml: mjml(column(`<mj-text>${html}</mj-text>`)) })).toEqual([]);
  });
});

describe('the text part', () => {
  it('is made from the HTML when there is none, with its conditions in place', async () => {
    const body = column(
      '<mj-text><h1>Hello</h1></mj-text>{% if offer %}<mj-text>An offer</mj-text>{% endif %}<mj-text>Bye</mj-text>',
    );
    const template = await compiled({ mjml: mjml(body), text: undefined });
    const lines = (overrides: MergeTagOverrides): string[] =>
      render(template, sampleTags('en', overrides)).text.split(/\n+/).slice(0, 3);
    expect(lines({})).toEqual(['Hello', 'Bye', expect.stringContaining('611365')]);
    expect(lines({ offer: { amount_off: '1', amount_to_pay: '2', valid_until: '3' } })).toEqual([
      'Hello',
      'An offer',
      'Bye',
    ]);
    expect(render(template, sampleTags('en')).text).not.toMatch(/\n{3}/);
  });

  it('loses the lines that only held control flow', async () => {
    const { text } = await compiled({ text: `${REQUIRED}\n{% if offer %}\nOffer\n{% endif %}\nEnd` });
    expect(render(await compiled({ text }), sampleTags('en')).text).toMatch(/0001\nEnd$/);
  });
});
