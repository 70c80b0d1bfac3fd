export { compileTemplate, purposeOf } from './compile.js';
export { formatDate, formatDays, formatMoney } from './format.js';
export { requiredTags, type Requirement } from './lint/required.js';
export { LIQUID_FILTERS, LIQUID_TAGS } from './liquid.js';
export { resolveLocale } from './locale.js';
export { render } from './render.js';
export { sampleTags, sampleTagsFor, type MergeTagOverrides } from './sample-tags.js';
export { shippedTemplates } from './shipped/index.js';
export { toneOfShipped } from './shipped/tones.js';
export { smsParts, type SmsParts } from './sms.js';
export type {
  CompiledTemplate,
  CompileResult,
  MergeTags,
  Rendered,
  TemplateProblem,
  TemplatePurpose,
  TemplateSource,
} from './template.js';
