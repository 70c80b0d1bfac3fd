import type { ApiRequest } from './api-request.js';
import { Problem } from './problem.js';

/** A body that is no JSON, whole. @throws {Problem} too-large, before more than `limit` bytes are kept */
export const readBody = async (request: ApiRequest, limit: number): Promise<Buffer> => {
  const tooLarge = (): Problem =>
    new Problem('too-large', `The body is larger than ${limit / 1_000_000} MB.`, {
      remedy: 'Send a smaller file.',
    });
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  // Who stops reading leaves the connection as it is, so that the answer can still be sent.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
