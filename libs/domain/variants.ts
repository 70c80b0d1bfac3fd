import type { Step } from './campaign/document.js';

/** A step's variant for one customer. `seed` is what the draw was made from, kept so that it can be repeated. */
export interface Arm {
  variantKey: string;
  template: string;
  /** null where there is nothing to compare. */
  experiment: string | null;
  seed: string;
}

/** Names the experiment that a step's variants are: the same for every version of the campaign. */
export const experimentOf = (campaignExternalId: string, stepKey: string): string =>
  `${campaignExternalId}/${stepKey}`;

/**
 * The variant a customer gets. The unit of assignment is the customer: the same one sees the same arm on all
 * invoices, and keeps an arm once shown (`exposures`) while the step still offers it, whatever the weights become.
 * The draw hashes names given from outside, never generated ids, so that it repeats on any installation.
 */
export function assignVariant(
  step: Step,
  campaignExternalId: string,
  customerExternalId: string,
  exposures: Readonly<Record<string, string>>,
): Arm {
  const variants = step.variants;
  const [only] = variants ?? [];
  if (!variants || !only)
    return { variantKey: 'only', template: step.template ?? '', experiment: null, seed: '' };
  const experiment = experimentOf(campaignExternalId, step.key);
  const seed = `${experiment}/${customerExternalId}`;
  const shown = variants.find((variant) => variant.key === exposures[experiment]);
  const chosen = shown ?? draw(variants, fraction(seed)) ?? only;
  return { variantKey: chosen.key, template: chosen.template, experiment, seed };
}

function draw<T extends { weight: number }>(options: readonly T[], point: number): T | undefined {
  const total = options.reduce((sum, option) => sum + option.weight, 0);
  let left = point * total;
  return options.find((option) => (left -= option.weight) < 0);
}

/**
 * A number in [0, 1) from a text: 32-bit FNV-1a over UTF-16 units, then the finaliser of MurmurHash3 so that texts
 * that differ in their last letter spread over the whole range.
 */
export function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
