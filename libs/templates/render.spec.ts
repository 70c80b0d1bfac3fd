import fc from 'fast-check';
import { compileTemplate } from './compile.js';
import { parseLiquid, renderLiquid } from './liquid.js';
import { markupTokens } from './markup.js';
import { render } from './render.js';
import { sampleTags } from './sample-tags.js';
import type { CompiledTemplate, MergeTags, Rendered } from './template.js';
import { Liquid } from 'liquidjs';
import { safeTags } from './safe-tags.js';

const SAID =
  '{{ customer.name }} {{ invoice.number }} {{ invoice.amount_due }} {{ invoice.due_date }} {{ payment.reference }} {{ creditor.phone }}';

const MJML = `<mjml lang="en"><mj-head><mj-title>{{ customer.name }}</mj-title>
<mj-style>.x { color: {{ creditor.colour }} }</mj-style></mj-head><mj-body><mj-section><mj-column>
<mj-text><b title="{{ customer.name }}" data-number='{{ invoice.number }}'>${SAID}</b></mj-text>
<mj-text><a href="https://x.example/?q={{ customer.name | url_encode }}">x</a></mj-text>
{% if payment.link %}<mj-button href="{{ payment.link }}" background-color="{{ creditor.colour }}">Pay</mj-button>{% endif %}
</mj-column></mj-section></mj-body></mjml>`;

let template: CompiledTemplate;

beforeAll(async () => {
  const result = await compileTemplate({
    key: 'reminder',
    locale: 'en',
    subject: '{{ customer.name }}: {{ invoice.number }}',
    mjml: MJML,
    text: SAID,
    sms: SAID,
    direct: SAID,
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  template = result.template;
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onmouseover='x", '</title></style>', '-->',
        '{{ creditor.phone }}', '{% if offer %}', '{{', '}}', '{% raw %}', '😀', '\u202Eabc', '\r\nBcc: x@y.z', '\n\n',
        '&lt;', '&', '\\', '$&', '$1', '\uE0000\uE001', ']]>', '\u2028', '\0', 'O’Hara & Sons',
      ), // prettier-ignore
      { maxLength: 6 },
    )
    .map((parts) => parts.join('')),
);

const withValues = (name: string, number: string): MergeTags =>
  sampleTags('en', { customer: { name }, invoice: { number } });

/** The shape of a document: its elements and the names of their attributes. */
const shapeOf = (html: string): string[] =>
  Array.from(markupTokens(html)).flatMap((token) => {
    if (token.type === 'open')
      return [`<${token.name} ${token.attributes.map(({ name }) => name).join(' ')}>`];
    return token.type === 'close' ? [`</${token.name}>`] : [];
  });

const rendered = (name: string, number = 'N-1'): Rendered => render(template, withValues(name, number));

it('cuts an SMS that no provider would take, and nothing else', () => {
  const tags = sampleTags('en', { customer: { name: 'Ann 😀 '.repeat(300) } });
  const { sms, text, direct } = render(template, tags);
  expect(sms.length).toBeLessThanOrEqual(1_600);
  expect(sms).toMatch(/^Ann 😀 .*…$/u);
  expect(text.length).toBeGreaterThan(2_000);
  expect(direct).toBe(text);
});

describe('a merge value, whatever it contains', () => {
  it('never changes the shape of the HTML', () => {
    const expected = shapeOf(rendered('A').html);
    fc.assert(
      fc.property(hostile, hostile, (name, number) => {
        expect(shapeOf(rendered(name, number).html)).toEqual(expected);
      }),
    );
  });

  it('stays readable in the HTML, escaped once', () => {
    const unescaped = (html: string): string =>
      html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&#34;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&'); // prettier-ignore
    fc.assert(
      fc.property(hostile, (name) => {
        expect(unescaped(/<b title="([^"]*)"/.exec(rendered(name).html)?.[1] ?? 'none')).toBe(name);
      }),
    );
  });

  it('never starts a new line in the subject and leaves no control character in it', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, number) => {
        expect(rendered(name, number).subject).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });

  it('stands verbatim in text, SMS and direct message and is never evaluated', () => {
    fc.assert(
      fc.property(hostile, hostile, (name, number) => {
        const { text, direct, sms } = rendered(name, number);
        expect(text.startsWith(`${name} ${number} €558.90`)).toBe(true);
        expect(direct).toBe(text);
        expect(sms).toBe(text.replaceAll(/[\u00A0\u2007\u2009\u202F]/g, ' '));
      }),
    );
  });
});

describe('render', () => {
  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    '//x',
    'ftp://x',
    'https://x" onclick="y',
    '',
  ])('shows no button for the link %j', (link) => {
    const { html } = render(template, sampleTags('en', { payment: { link } }));
    expect(html).not.toMatch(/Pay\s*<\/a>/);
    expect(html).not.toMatch(/javascript:|onclick/i);
  });

  it('shows the button for a link to the web', () => {
    const { html } = render(
      template,
      sampleTags('en', { payment: { link: 'https://pay.example/?a=1&b=2' } }),
    );
    expect(html).toMatch(/href="https:\/\/pay\.example\/\?a=1&amp;b=2"[^>]*>\s*Pay\s*<\/a>/);
  });

  it.each(['red;background:url(https://x)', '}</style><script>', '#12', ''])(
    'lets no colour %j into CSS',
    (colour) => {
      expect(render(template, sampleTags('en', { creditor: { colour } })).html).toContain(
        '.x { color: #1f4b6e }',
      );
    },
  );

  it('takes an empty value for an unknown one', () => {
    const scope = safeTags(sampleTags('en', { contact: { name: ' ' }, creditor: { iban: '' } }));
    expect(scope).toMatchObject({ contact: { name: null }, creditor: { iban: null } });
  });

  it('does not change the tags it is given', () => {
    const tags = sampleTags('en', { payment: { link: 'javascript:x' }, creditor: { colour: 'x' } });
    const before = structuredClone(tags);
    render(template, tags);
    expect(tags).toEqual(before);
  });

  it('counts days in the template’s language', () => {
    const russian = { ...template, locale: 'ru', text: '{{ invoice.days_overdue | days }}' };
    const text = (days: number): string =>
      render(russian, sampleTags('ru', { invoice: { days_overdue: days } })).text;
    expect([1, 2, 5].map(text).map((said) => said.replaceAll('\u00A0', ' '))).toEqual([
      '1 день',
      '2 дня',
      '5 дней',
    ]);
  });

  it('fails on a tag or filter that does not exist, which compileTemplate lets through never', () => {
    const tags = sampleTags('en');
    expect(() => render({ ...template, text: '{{ invoice.nonsense }}' }, tags)).toThrow(/nonsense/);
    expect(() => render({ ...template, text: '{{ invoice.number | raw }}' }, tags)).toThrow(/raw/);
    expect(() => render({ ...template, text: '{{ customer.constructor }}' }, tags)).toThrow(/constructor/);
    expect(() => render({ ...template, text: '{{ invoice.__proto__ }}' }, tags)).toThrow(/__proto__/);
  });

  it('stops a template whose text grows beyond measure', () => {
    const text = `{{ invoice.number | ${Array.from({ length: 60 }, () => 'replace: "", "0123456789"').join(' | ')} }}`;
    expect(() => render({ ...template, text }, sampleTags('en'))).toThrow(/memory/);
  });
});

describe('quick outputs', () => {
  const pieces = fc.constantFrom(
    '{{ invoice.number }}', '{{ contact.name }}', '{{ customer.name | upcase }}', '{{ invoice.days_overdue }}', ' <b> ',
    '{% if contact.name %}{{ contact.name }}{% else %}none{% endif %}', '{{ "x" }}', '{{ invoice.is_partly_paid }}',
    '{% unless offer %}{{ creditor.name }}{% endunless %}', "{{ invoice['number'] }}",
    '{% case invoice.currency %}{% when "EUR" %}{{ invoice.total }}{% else %}{{ payment.reference }}{% endcase %}',
  ); // prettier-ignore

  it('say what liquidjs says', () => {
    const plain = new Liquid({ strictVariables: true, ownPropertyOnly: true });
    const escaping = new Liquid({ strictVariables: true, ownPropertyOnly: true, outputEscape: 'escape' });
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), hostile, fc.option(hostile), (parts, name, contact) => {
        const source = parts.join('');
        const scope = safeTags(sampleTags('en', { customer: { name }, contact: { name: contact } }));
        const globals = { locale: 'en' };
        expect(renderLiquid(source, 'plain', scope, globals)).toBe(
          plain.renderSync(plain.parse(source), scope),
        );
        expect(renderLiquid(source, 'html', scope, globals)).toBe(
          escaping.renderSync(escaping.parse(source), scope),
        );
      }),
    );
  });

  it('leave what the linter parses untouched', () => {
    expect(parseLiquid('{{ invoice.number }}')[0]?.constructor.name).toBe('Output');
  });
});
