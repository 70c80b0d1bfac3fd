/** An e-mail that came in, whichever way, as far as anything is made of it. */
export interface Mail {
  /** RFC 5322 headers with names in lower case, of a repeated one the first. */
  headers: Record<string, string>;
  from: string;
  fromName: string | null;
  /** Everybody it was to: by its headers, and by its envelope where that is known. */
  to: string[];
  subject: string | null;
  text: string;
  attachments: MailPart[];
  /** Distinguishes two mails of one Message-ID, or of none. */
  digest: string;
}

export interface MailPart {
  filename: string;
  contentType: string;
  bytes: number;
  /** Kept of reports alone, and no more than their beginning. */
  content: string | null;
}

/** What is kept of a part that may be a report, or the message that it reports. */
export const REPORT_BYTES = 64_000;

export const isReportPart = (contentType: string): boolean =>
  /^(?:message\/(?:delivery-status|global-delivery-status|feedback-report|rfc822|global)|text\/rfc822-headers|message\/rfc822-headers)\b/i.test(
    contentType,
  );

const MOST_HEADERS = 200;
const LONGEST_HEADER = 4_000;

/** The fields of a block of headers, folded lines joined (RFC 5322, 2.2.3); of a report too (RFC 3464, 2.1). */
export function headersOf(block: string): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  const lines = block
    .replace(/\r\n?/g, '\n')
    .replace(/\n[ \t]+/g, ' ')
    .split('\n');
  for (const line of lines.slice(0, MOST_HEADERS)) {
    const [, name = '', value = ''] = /^([!-9;-~]{1,80}):(.*)$/.exec(line.slice(0, LONGEST_HEADER)) ?? [];
    if (name !== '') headers[name.toLowerCase()] ??= value.trim();
  }
  return { ...headers };
}
