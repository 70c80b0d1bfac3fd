import fc from 'fast-check';
import type { MergeTags } from '#domain/merge-tags.js';
import { compileTemplate } from './compile.js';
import { render } from './render.js';
import { sampleStatement, sampleTags } from './sample-tags.js';
import { shippedTemplates } from './shipped/index.js';
import { listHtml, listText } from './statement-list.js';
import type { CompiledTemplate, TemplateSource } from './template.js';

type Statement = NonNullable<MergeTags['statement']>;

const sourceOf = (locale: string): TemplateSource => {
  const found = shippedTemplates.find((each) => each.key === 'statement' && each.locale === locale);
  if (!found) throw new Error(`There is no statement in ${locale}.`);
  return found;
};

const compiled = new Map<string, CompiledTemplate>();
beforeAll(async () => {
  for (const locale of ['en', 'ru']) {
    const result = await compileTemplate(sourceOf(locale));
    if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
    expect(result.warnings).toEqual([]);
    compiled.set(locale, result.template);
  }
});

const written = (locale: string, statement: Statement = sampleStatement(locale), overrides = {}) =>
  render(compiled.get(locale) as CompiledTemplate, sampleTags(locale, { ...overrides, statement }));

describe('a statement', () => {
  it('lists what is overdue, due today and coming due apart, so that none sounds like another', () => {
    expect(listText(sampleStatement('en').list, 'en')).toBe(
      [
        'Overdue',
        '- 611365, due 29 January 2013, 14 days overdue: €558.90',
        '',
        'Due today',
        '- 611402, due 12 February 2013: €215.50',
        '',
        'Coming due',
        '- 611498, due 20 February 2013: €430.00',
      ].join('\n'),
    );
    const { text } = written('en');
    expect(text).toContain(listText(sampleStatement('en').list, 'en'));
    expect(text).toContain('Total to pay: €1,204.40');
  });

  it('is a table a section in the e-mail', () => {
    const { html } = written('en');
    expect(html.match(/<caption[^>]*>(Overdue|Due today|Coming due)<\/caption>/g)).toHaveLength(3);
    expect(html).toContain(listHtml(sampleStatement('en').list, 'en'));
    expect(html).not.toContain('\uE002');
  });

  it.each([
    ['ru', 'Просрочено'],
    ['de-AT', 'Überfällig'],
    ['pt-BR', 'Vencidas'],
    ['ja', 'Overdue'],
  ])('has its headings in %s: %s', (locale, heading) => {
    expect(listText(sampleStatement('en').list, locale)).toContain(heading);
  });

  it.each(['en', 'ru'])(
    'says in %s by SMS how many there are, what they come to, and where to pay',
    (locale) => {
      const { sms, direct } = written(locale);
      for (const part of [sms, direct]) {
        expect(part).toContain('3');
        expect(part.replaceAll('\u00A0', ' ')).toContain(
          sampleStatement(locale).total.replaceAll('\u00A0', ' '),
        );
        expect(part).toContain('https://pay.');
      }
      expect(sms).not.toContain('611365');
    },
  );

  it('thanks for what is announced, where something is', () => {
    expect(written('en').text).not.toContain('on its way');
    expect(written('en', { ...sampleStatement('en'), pending: '€10.00' }).text).toContain(
      'Thank you for the €10.00 that is on its way',
    );
  });

  it('is never evaluated nor broken by what it lists, nor made by another value', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom('{{ creditor.name }}', '<script>x</script>', '"><b>', '\uE002', '$&', '{% if %}'),
    );
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1, maxLength: 5 }), nasty, (numbers, name) => {
        const rows = numbers.map((number) => ({
          number,
          due_date: '29 January 2013',
          days_overdue: 3,
          amount: number,
        }));
        const statement: Statement = {
          ...sampleStatement('en'),
          list: { sections: [{ stage: 'overdue', rows }] },
        };
        const { html, text } = written('en', statement, { customer: { name }, contact: { name } });
        expect(html.match(/<caption[^>]*>Overdue<\/caption>/g)).toHaveLength(1);
        expect(text.split('\n').filter((line) => line === 'Overdue')).toHaveLength(1);
        expect(html).not.toContain('<script>x');
        expect(html).not.toContain('"><b>');
      }),
      { numRuns: 60 },
    );
  });
});

describe('a template of a statement', () => {
  const problemsOf = async (overrides: Partial<TemplateSource>): Promise<string[]> => {
    const result = await compileTemplate({ ...sourceOf('en'), ...overrides });
    return result.ok ? [] : result.problems.map(({ part, message }) => `${part}: ${message}`);
  };
  const short = 'On {{ statement.count }}: {{ statement.total }}. {{ account_manager.phone }}';

  it('may not be about one invoice', async () => {
    expect(await problemsOf({ sms: `${short} {{ invoice.number }}` })).toEqual([
      'sms: “statement” is about several invoices: print {{ statement.list }} or {{ statement.total }}.',
    ]);
  });

  it('says the total everywhere, and the list where there is room', async () => {
    expect(await problemsOf({ sms: 'Call {{ account_manager.phone }}' })).toEqual([
      'sms: “statement” must say what is owed in all under every condition: add {{ statement.total }}.',
    ]);
    expect(await problemsOf({ sms: `${short} {{ statement.list }}` })).toEqual([
      'sms: {{ statement.list }} is too long for this part; print {{ statement.count }} and {{ statement.total }}.',
    ]);
  });

  it('prints the list as a whole, and not in an attribute', async () => {
    const { mjml } = sourceOf('en');
    expect(
      await problemsOf({ mjml: mjml.replace('{{ statement.list }}', '{{ statement.list | upcase }}') }),
    ).toEqual(['mjml: “statement.list” is printed as a whole: write it without filters.']);
    const inTitle = mjml.replace(
      '{{ statement.list }}',
      '{{ statement.list }}<span title="{{ statement.list }}">x</span>',
    );
    expect(await problemsOf({ mjml: inTitle })).toEqual([
      'mjml: {{ statement.list }} is a table: print it in the text of the message.',
    ]);
  });

  it('is the only one that knows of a statement without asking', async () => {
    const result = await compileTemplate({
      ...sourceOf('en'),
      key: 'mine',
      purpose: 'confirmation',
      sms: `${short} {{ invoice.number }}`,
    });
    expect(result.ok ? [] : result.problems.map(({ message }) => message)).toContain(
      '“statement.total” exists only inside {% if statement %} … {% endif %}.',
    );
  });
});
