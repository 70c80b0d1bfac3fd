import {
  findVersion,
  getTemplate,
  listTemplates,
  loadVersion,
  parseCampaign,
  previewTemplate,
  publish,
  retire,
  saveDraft,
  saveTemplate,
} from '#engine/campaigns/index.js';
import { type Scope, withScope } from '#engine/scope.js';
import { shippedTemplates, type TemplateSource } from '#templates/index.js';
import { createOrganisation, openTestStore, type TestStore } from './store.js';

const ladder = (template = 'heads-up', name = 'Standard') => {
  const result = parseCampaign(
    JSON.stringify({
      kindly: 1,
      policy: 'none',
      name,
      steps: [{ key: 'first', at: { anchor: 'due_date', offset: '-P3D' }, send: ['email'], template }],
    }),
    'json',
  );
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.document;
};

const shipped = (overrides: Partial<TemplateSource> = {}): TemplateSource => {
  const [source] = shippedTemplates.filter(({ key, locale }) => key === 'heads-up' && locale === 'en');
  if (!source) throw new Error('heads-up is shipped');
  return { ...source, ...overrides };
};

describe('publishing a campaign', () => {
  let store: TestStore;
  let organisationId: string;
  const inScope = <T>(work: (scope: Scope) => Promise<T>): Promise<T> =>
    withScope(store.app, organisationId, 'test', work);
  const published = async (externalId: string, document = ladder()) => {
    const { campaignId, number } = await inScope((scope) => saveDraft(scope, externalId, document));
    return inScope((scope) => publish(scope, campaignId, number));
  };

  beforeAll(async () => {
    store = await openTestStore();
  });
  beforeEach(async () => {
    organisationId = await createOrganisation(store.system);
  });
  afterAll(() => store.close());

  it('fixes the versions of its templates in every locale they exist in', async () => {
    const result = await published('a');
    if (result.kind !== 'published') throw new Error(JSON.stringify(result));
    const version = await inScope(({ manager }) =>
      loadVersion(manager, organisationId, result.version.versionId),
    );
    expect(version).toMatchObject({ campaignExternalId: 'a', document: { name: 'Standard' } });
    expect(Object.keys(version.templates['heads-up'] ?? {}).sort()).toEqual(['en', 'ru']);
    expect(version.templates['heads-up']?.['en']?.compiled.html).toContain('{{');
  });

  it('fixes the letters too that are asked for on the telephone, and that no step names', async () => {
    const result = await published('a');
    if (result.kind !== 'published') throw new Error(JSON.stringify(result));
    const version = await inScope(({ manager }) =>
      loadVersion(manager, organisationId, result.version.versionId),
    );
    for (const key of ['promise-confirmation', 'agreement-confirmation', 'invoice-copy'])
      expect(Object.keys(version.templates[key] ?? {}).sort()).toEqual(['en', 'ru']);
  });

  it('fails naming the step that would confirm a promise which nobody gave', async () => {
    expect(await published('a', ladder('promise-confirmation'))).toMatchObject({
      kind: 'invalid',
      problems: [{ path: 'steps[0].template', template: 'promise-confirmation' }],
    });
  });

  it('makes the version immutable: the next draft is another version', async () => {
    const first = await inScope((scope) => saveDraft(scope, 'a', ladder()));
    const edited = await inScope((scope) => saveDraft(scope, 'a', ladder('overdue')));
    expect(edited).toEqual(first);
    await inScope((scope) => publish(scope, first.campaignId, 1));
    const second = await inScope((scope) => saveDraft(scope, 'a', ladder('due-today', 'Renamed')));
    expect(second).toMatchObject({ campaignId: first.campaignId, number: 2 });
    const old = await inScope((scope) => findVersion(scope, first.campaignId, 1));
    expect(old).toMatchObject({ state: 'published', document: { steps: [{ template: 'overdue' }] } });
  });

  it('is refused a second time, and for what does not exist', async () => {
    const result = await published('a');
    if (result.kind !== 'published') throw new Error(JSON.stringify(result));
    const { campaignId } = result.version;
    expect(await inScope((scope) => publish(scope, campaignId, 1))).toMatchObject({ kind: 'refused' });
    expect(await inScope((scope) => publish(scope, campaignId, 7))).toEqual({ kind: 'unknown' });
  });

  it('happens once when asked twice at the same time', async () => {
    const { campaignId } = await inScope((scope) => saveDraft(scope, 'a', ladder()));
    const results = await Promise.all([1, 2].map(() => inScope((scope) => publish(scope, campaignId, 1))));
    expect(results.map(({ kind }) => kind).sort()).toEqual(['published', 'refused']);
  });

  it('gives drafts that are begun at the same time one number each, or makes them one draft', async () => {
    const results = await Promise.all(
      [1, 2, 3].map(() => inScope((scope) => saveDraft(scope, 'a', ladder()))),
    );
    expect(new Set(results.map(({ number }) => number))).toEqual(new Set([1]));
  });

  it('fails naming the step whose template does not exist', async () => {
    const result = await published('a', ladder('no-such-thing'));
    expect(result).toMatchObject({
      kind: 'invalid',
      problems: [
        {
          path: 'steps[0].template',
          template: 'no-such-thing',
          message: expect.stringContaining('no-such-thing') as unknown,
        },
      ],
    });
    const { campaignId } = await inScope((scope) => saveDraft(scope, 'a', ladder()));
    expect(await inScope((scope) => findVersion(scope, campaignId, 1))).toMatchObject({ state: 'draft' });
  });

  it('says which templates there are, own and shipped, where one is named that does not exist', async () => {
    await inScope((scope) => saveTemplate(scope, shipped({ key: 'our-letter' })));
    const result = await published('a', ladder('our-leter'));
    if (result.kind !== 'invalid') throw new Error(result.kind);
    const [problem] = result.problems;
    expect(problem?.message).toMatch(/name one of .*due-today, .*heads-up, .*our-letter, overdue/);
    expect(problem?.message).not.toContain('promise-confirmation');
  });

  it('suggests the nearest template where there are many', async () => {
    for (let n = 0; n < 20; n += 1)
      await inScope((scope) => saveTemplate(scope, shipped({ key: `letter-${n}` })));
    const result = await published('a', ladder('overdeu'));
    expect(result).toMatchObject({
      problems: [{ message: expect.stringMatching(/name "overdue", or one of the 2\d that GET/) as unknown }],
    });
  });

  it('fails naming template and tag when a stored template has a tag that does not exist', async () => {
    await inScope(({ manager }) =>
      manager.query(
        `insert into template_version (organisation_id, key, locale, number, source, compiled)
         values ($1, 'heads-up', 'en', 1, $2, '{}')`,
        [organisationId, JSON.stringify({ ...shipped({ sms: 'Pay {{ invoice.amuont }}' }), origin: 'own' })],
      ),
    );
    const result = await published('a');
    expect(result).toMatchObject({
      kind: 'invalid',
      problems: expect.arrayContaining([
        expect.objectContaining({
          path: 'steps[0].template',
          template: 'heads-up',
          locale: 'en',
          part: 'sms',
          tag: 'invoice.amuont',
        }),
      ]) as unknown,
    });
  });

  it('takes the own template before the shipped one, and keeps it after it was changed', async () => {
    await inScope((scope) => saveTemplate(scope, shipped({ subject: 'Ours, {{ invoice.number }}' })));
    const result = await published('a');
    await inScope((scope) => saveTemplate(scope, shipped({ subject: 'Newer, {{ invoice.number }}' })));
    if (result.kind !== 'published') throw new Error(JSON.stringify(result));
    const version = await inScope(({ manager }) =>
      loadVersion(manager, organisationId, result.version.versionId),
    );
    expect(version.templates['heads-up']?.['en']?.compiled.subject).toBe('Ours, {{ invoice.number }}');
  });

  it('writes no template version twice for the same content', async () => {
    await published('a');
    await published('b');
    const rows = await inScope(({ manager }) =>
      manager.query<{ number: number }[]>(
        `select number from template_version where key = 'heads-up' and locale = 'en'`,
      ),
    );
    expect(rows).toEqual([{ number: 1 }]);
  });

  it('can be retired, once', async () => {
    const result = await published('a');
    if (result.kind !== 'published') throw new Error(JSON.stringify(result));
    const { campaignId } = result.version;
    expect(await inScope((scope) => retire(scope, campaignId, 1))).toMatchObject({ kind: 'retired' });
    expect(await inScope((scope) => retire(scope, campaignId, 1))).toMatchObject({ kind: 'refused' });
    expect(await inScope((scope) => retire(scope, campaignId, 2))).toEqual({ kind: 'unknown' });
  });

  it("is another organisation's business", async () => {
    const { campaignId } = await inScope((scope) => saveDraft(scope, 'a', ladder()));
    const other = await createOrganisation(store.system);
    expect(await withScope(store.app, other, 'test', (scope) => publish(scope, campaignId, 1))).toEqual({
      kind: 'unknown',
    });
  });

  describe('templates', () => {
    it('are refused when a tag is unknown, naming part and tag, and nothing is stored', async () => {
      const result = await inScope((scope) =>
        saveTemplate(scope, shipped({ subject: '{{ invoice.nubmer }}' })),
      );
      expect(result).toMatchObject({
        ok: false,
        problems: [{ template: 'heads-up', part: 'subject', tag: 'invoice.nubmer' }],
      });
      expect(await inScope((scope) => getTemplate(scope, 'heads-up', 'en'))).toMatchObject({
        origin: 'shipped',
      });
    });

    it('get a new number only when they change', async () => {
      const save = (subject: string) =>
        inScope((scope) => saveTemplate(scope, shipped({ key: 'own', subject })));
      await save('A {{ invoice.number }}');
      expect(await save('A {{ invoice.number }}')).toMatchObject({ template: { number: 1 } });
      expect(await save('B {{ invoice.number }}')).toMatchObject({ template: { number: 2 } });
      const detail = await inScope((scope) => getTemplate(scope, 'own', 'en'));
      expect(detail).toMatchObject({
        origin: 'own',
        number: 2,
        source: { subject: 'B {{ invoice.number }}' },
      });
    });

    it('are listed, own and shipped, and a copy made by publishing is not an own one', async () => {
      await published('a');
      await inScope((scope) => saveTemplate(scope, shipped({ key: 'aaa' })));
      const listed = await inScope((scope) => listTemplates(scope));
      expect(listed[0]).toEqual({ key: 'aaa', locale: 'en', origin: 'own', number: 1 });
      expect(listed).toContainEqual({ key: 'heads-up', locale: 'en', origin: 'shipped', number: null });
    });

    it('can be previewed with made-up facts', async () => {
      const result = await previewTemplate(shipped());
      expect(result).toMatchObject({ ok: true, preview: { smsParts: { encoding: 'GSM-7' } } });
      if (result.ok) expect(result.preview.html).toContain('611365');
    });
  });
});
