import type { WebhookRequest } from '#channels/receipt.js';

const LIMIT_MS = 30_000;

/** Calls the API as a provider would. @returns how much of it was new @throws when it was not taken */
export async function tell({ url, headers, body }: WebhookRequest): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: headers as Record<string, string>,
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (!response.ok)
    throw new Error(`A webhook was answered with ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { stored: number }).stored;
}
