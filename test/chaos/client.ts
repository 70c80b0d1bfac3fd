import { setTimeout as pause } from 'node:timers/promises';
import { clientOf } from '#test/support/api.js';

export interface ApiAnswer<T> {
  status: number;
  body: T;
}

/** Speaks to the API as an integration would: with a key for each request, again and again until it is answered. */
export class PatientClient {
  /** Requests that were sent again. */
  retries = 0;

  constructor(
    private readonly url: string,
    private readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws when it was not answered in time, or everything ends */
  async post<T>(path: string, body: unknown, key: string): Promise<ApiAnswer<T>> {
    return this.untilAnswered(() =>
      clientOf(this.url, this.token).post<T>(path, body, { 'idempotency-key': key }),
    );
  }

  async get<T>(path: string): Promise<ApiAnswer<T>> {
    return this.untilAnswered(() => clientOf(this.url, this.token).get<T>(path));
  }

  /** For what must be taken. @throws with the answer when it is not */
  async taken<T>(path: string, body: unknown, key: string): Promise<T> {
    const { status, body: answer } = await this.post<T>(path, body, key);
    if (status < 300) return answer;
    throw new Error(`${path} was answered with ${status}: ${JSON.stringify(answer).slice(0, 500)}`);
  }

  async pause(ms: number): Promise<void> {
    await pause(Math.max(0, ms), undefined, { signal: this.signal });
  }

  private async untilAnswered<T>(ask: () => Promise<ApiAnswer<T>>): Promise<ApiAnswer<T>> {
    for (let tries = 0; ; tries += 1) {
      const answer = await ask().catch((error: unknown) => error as Error);
      if (!(answer instanceof Error) && !isForNow(answer)) return answer;
      this.signal.throwIfAborted();
      this.retries += 1;
      await pause(Math.min(200 * 2 ** tries, 2_000), undefined, { signal: this.signal });
    }
  }
}

/** Down, overloaded, or busy with the same request. */
const isForNow = ({ status, body }: ApiAnswer<unknown>): boolean =>
  status >= 500 || status === 429 || (status === 409 && JSON.stringify(body).includes('busy'));
