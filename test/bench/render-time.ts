import { performance } from 'node:perf_hooks';
import { compileTemplate, render, sampleTags } from '#templates/index.js';
import { shippedTemplates } from '#templates/shipped/index.js';
import { type Figures, rounded } from './rounds.js';

const RENDERINGS = 2000;

/** To render one e-mail, its text, SMS and direct message included. */
export async function renderTime(): Promise<Figures> {
  const [source] = shippedTemplates;
  const compiled = source && (await compileTemplate(source));
  if (!compiled?.ok) throw new Error('The first shipped template does not compile.');
  const tags = sampleTags(compiled.template.locale);
  for (let i = 0; i < 500; i += 1) render(compiled.template, tags);
  const start = performance.now();
  for (let i = 0; i < RENDERINGS; i += 1) render(compiled.template, tags);
  return { renderMilliseconds: rounded((performance.now() - start) / RENDERINGS, 3) };
}
