import twilio from 'twilio';
import type RequestClient from 'twilio/lib/base/RequestClient.js';
import type ResponseModule from 'twilio/lib/http/response.js';
import { callHttp, type HttpAnswer, type HttpLimits, type HttpRequest } from '#channels/http/http-call.js';

/**
 * The transport under Twilio's library, which is made for being given one: no connection is kept alive, the whole call
 * is bounded, and `answer` says whether a failed request was written. One instance a message.
 */
export class TwilioHttpClient extends twilio.RequestClient {
  answer: HttpAnswer | undefined;

  /** @param baseUrl takes the place of `https://api.twilio.com`; undefined leaves edge and region to the library. */
  constructor(
    private readonly baseUrl: string | undefined,
    private readonly limits: HttpLimits,
  ) {
    super();
  }

  /** @throws Error when no answer came, as the library expects; the channel then reads `answer`. */
  override async request<TData>(
    options: RequestClient.RequestOptions<TData>,
  ): Promise<ResponseModule.default<TData>> {
    const answer = await callHttp(this.toHttp(options), this.limits);
    this.answer = answer;
    if (answer.kind === 'failed') throw new Error(answer.code);
    // The library parses text itself, though it types the body as what comes out of that.
    const body = answer.body as unknown as TData;
    return { statusCode: answer.status, body, headers: answer.headers };
  }

  private toHttp<TData>(options: RequestClient.RequestOptions<TData>): HttpRequest {
    const target = new URL(options.uri);
    for (const [name, value] of Object.entries(options.params ?? {}))
      if (value !== undefined) target.searchParams.set(name, String(value));
    const { pathname, search, href } = target;
    const credentials = Buffer.from(`${options.username ?? ''}:${options.password ?? ''}`).toString('base64');
    return {
      method: options.method === 'post' ? 'POST' : 'GET',
      url: this.baseUrl === undefined ? href : this.baseUrl + pathname + search,
      headers: { ...options.headers, Authorization: `Basic ${credentials}` },
      body: options.method === 'post' ? formOf(options.data) : undefined,
    };
  }
}

function formOf(data: unknown): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(data ?? {})) {
    for (const one of [value].flat()) form.append(name, String(one));
  }
  return form.toString();
}
