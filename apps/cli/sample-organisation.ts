import type { CreditorInput } from '#contracts/schemas/creditor.js';
import { UserError } from './user-error.js';

export interface SampleOrganisation {
  id: string;
  /** Its administrator's API key. */
  key: string;
  apiUrl: string;
  creditor: CreditorInput;
}

const CREDITOR: CreditorInput = {
  externalId: 'brightwater',
  name: 'Brightwater Supplies Ltd',
  phone: '+442079460018',
  email: 'accounts@brightwater.example.test',
  website: 'https://brightwater.example.test',
  paymentLink: 'https://pay.brightwater.example.test/{number}',
  bankAccounts: [{ bankName: 'Sample Bank', iban: 'GB33BUKB20201555555555', bic: 'BUKBGB22' }],
};

/** Creates the sample organisation over the API, as any installation would. */
export async function createSampleOrganisation(api: {
  publicUrl: string;
  rootKey?: string;
}): Promise<SampleOrganisation> {
  if (!api.rootKey) throw new UserError('Set KINDLY_ROOT_KEY: it creates organisations.');
  const response = await fetch(`${api.publicUrl}/v1/organisations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.rootKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      name: 'Brightwater Supplies (sample)',
      kind: 'test',
      clockNow: '2026-02-01T00:00:00Z',
    }),
  });
  const body = (await response.json()) as {
    organisation?: { id: string };
    apiKey?: { token: string };
    detail?: string;
  };
  if (!response.ok || !body.organisation || !body.apiKey) {
    throw new UserError(
      `The API at ${api.publicUrl} did not create the sample organisation: ${body.detail ?? response.status}.`,
    );
  }
  return { id: body.organisation.id, key: body.apiKey.token, apiUrl: api.publicUrl, creditor: CREDITOR };
}
