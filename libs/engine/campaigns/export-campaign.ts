import { Document, isPair, isScalar, Scalar, visit } from 'yaml';
import {
  type CampaignDocument,
  campaignDocumentSchema,
  type CampaignInput,
} from '#domain/campaign/document.js';

/** YAML 1.1 reads 10:00 as a number of seconds; quoted, every reader sees a text. */
const SEXAGESIMAL = /^\d{1,2}:\d{2}$/;

/** Written on one line, as people write them. */
const INLINE = new Set(['at', 'send', 'recipients', 'repeat', 'countries']);

/**
 * The campaign as a file that {@link parseCampaign} reads back to the same document, in the order of the documentation.
 * What a step leaves at its default is left out.
 */
export function exportCampaign(document: CampaignDocument): string {
  const yaml = new Document(withoutDefaults(document));
  visit(yaml, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && SEXAGESIMAL.test(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
    Collection: (key, node, ancestors) => {
      const parent = ancestors.at(-1);
      const name = isPair(parent) && isScalar(parent.key) ? String(parent.key.value) : '';
      if (key === 'value' && INLINE.has(name)) node.flow = true;
    },
  });
  return yaml.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** PostgreSQL orders the members of what it stores by itself; the schema has them in the order people write. */
function withoutDefaults(stored: CampaignDocument): CampaignInput {
  const document = campaignDocumentSchema.parse(stored);
  return { ...document, steps: document.steps.map(stepWithoutDefaults) };
}

type Step = CampaignDocument['steps'][number];
type StepInput = CampaignInput['steps'][number];

function stepWithoutDefaults({ key, at, purpose, ...rest }: Step): StepInput {
  return {
    key,
    ...(at ? { at: timingWithoutDefaults(at) } : {}),
    ...rest,
    ...(purpose === 'reminder' ? {} : { purpose }),
  };
}

const timingWithoutDefaults = ({ businessDays, ...timing }: NonNullable<Step['at']>): StepInput['at'] =>
  businessDays ? { ...timing, businessDays } : timing;
