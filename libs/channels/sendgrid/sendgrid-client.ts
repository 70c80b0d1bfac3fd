import { Client } from '@sendgrid/client';
import { callHttp, type HttpAnswer, type HttpLimits, type HttpRequest } from '#channels/http/http-call.js';

type ClientRequest = Parameters<Client['request']>[0];
type ClientResult = Awaited<ReturnType<Client['request']>>;

/**
 * SendGrid's own client with our transport under it: the library's has no timeout, follows redirects and cannot tell
 * whether a failed request was written. One instance a message; `answer` is what came of it.
 */
export class SendgridClient extends Client {
  answer: HttpAnswer | undefined;

  constructor(
    private readonly apiKey: string,
    private readonly baseUrl: string,
    private readonly limits: HttpLimits,
  ) {
    super();
  }

  /** Resolves for every answer, 4xx included: the channel reads `answer`. E-mail headers never become HTTP headers. */
  override async request(data: ClientRequest): Promise<ClientResult> {
    this.answer = await callHttp(this.toHttp(data), this.limits);
    const { status, headers, body } =
      this.answer.kind === 'answered' ? this.answer : { status: 0, headers: {}, body: '' };
    return [{ statusCode: status, headers, body: {}, toString: () => String(status) }, body];
  }

  private toHttp(data: ClientRequest): HttpRequest {
    const headers = { ...this.createHeaders({}), Authorization: `Bearer ${this.apiKey}` };
    return { method: 'POST', url: this.baseUrl + (data.url ?? ''), headers, body: JSON.stringify(data.body) };
  }
}
