import {
  getTemplate,
  listTemplates,
  previewTemplate,
  saveTemplate,
  type TemplateDetail,
} from '#engine/campaigns/index.js';
import type { Scope } from '#engine/scope.js';
import type { TemplateProblem } from '#templates/index.js';
import { type FieldError, Problem } from '../common/problem.js';
import type {
  PreviewResource,
  SavedTemplateResource,
  TemplateDetailResource,
  TemplateInput,
  TemplateResource,
} from './templates.schemas.js';

const invalid = (problems: readonly TemplateProblem[]): Problem =>
  new Problem(
    'unprocessable',
    `The template has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}.`,
    {
      errors: problems.map(fieldError),
    },
  );

const fieldError = ({ part, line, tag, message }: TemplateProblem): FieldError => ({
  path: part,
  message: [line === null ? null : `line ${line}`, tag, message].filter((each) => each !== null).join(': '),
});

const findTemplate = async (scope: Scope, key: string, locale: string): Promise<TemplateDetail> => {
  const template = await getTemplate(scope, key, locale);
  if (!template) throw new Problem('not-found', `There is no template "${key}" in "${locale}".`);
  return template;
};

const detailView = ({ source, ...template }: TemplateDetail): TemplateDetailResource => {
  const { key: _key, locale: _locale, ...content } = source;
  return { ...template, source: content };
};

export const readTemplate = async (
  scope: Scope,
  key: string,
  locale: string,
): Promise<TemplateDetailResource> => detailView(await findTemplate(scope, key, locale));

export const readTemplates = async (scope: Scope): Promise<{ data: TemplateResource[] }> => ({
  data: await listTemplates(scope),
});

export const writeTemplate = async (
  scope: Scope,
  key: string,
  locale: string,
  input: TemplateInput,
): Promise<SavedTemplateResource> => {
  const result = await saveTemplate(scope, { ...input, key, locale });
  if (!result.ok) throw invalid(result.problems);
  return { ...(await readTemplate(scope, key, locale)), warnings: result.warnings.map(fieldError) };
};

export const readPreview = async (scope: Scope, key: string, locale: string): Promise<PreviewResource> =>
  preview(await findTemplate(scope, key, locale));

/** Of a template that is not stored. */
export const previewOf = (key: string, locale: string, input: TemplateInput): Promise<PreviewResource> =>
  preview({ source: { ...input, key, locale } });

const preview = async ({ source }: Pick<TemplateDetail, 'source'>): Promise<PreviewResource> => {
  const result = await previewTemplate(source);
  if (!result.ok) throw invalid(result.problems);
  return { ...result.preview, warnings: result.preview.warnings.map(fieldError) };
};
