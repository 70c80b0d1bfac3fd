import { createHash } from 'node:crypto';
import type { ApiRequest } from '../common/api-request.js';

/** A body that is read once, as a stream, while its hash is taken. */
export class TappedBody {
  private readonly hash = createHash('sha256');

  /** @param salt is hashed first: the query, as it is part of what was asked */
  constructor(
    private readonly request: ApiRequest,
    salt: string,
  ) {
    this.hash.update(salt);
  }

  /** Who stops reading early leaves the connection as it is, so that an answer can still be sent. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.request.iterator({
      destroyOnReturn: false,
    }) as AsyncIterable<Uint8Array>) {
      this.hash.update(chunk);
      yield chunk;
    }
  }

  /** Reads what is left, and gives the hash of all. */
  async digest(): Promise<Buffer> {
    if (!this.request.readableEnded) {
      for await (const chunk of this.request as AsyncIterable<Uint8Array>) this.hash.update(chunk);
    }
    return this.hash.digest();
  }
}
