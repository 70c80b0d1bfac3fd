import { createHash } from 'node:crypto';
import { type AddressObject, type Attachment, simpleParser } from 'mailparser';
import { headersOf, isReportPart, type Mail, type MailPart, REPORT_BYTES } from './mail.js';

/** Of a letter in HTML alone, no more is made text: nobody writes as much. */
const LONGEST_HTML = 1_000_000;

/** @param raw as it went over the wire (RFC 5322, MIME) @returns null when it cannot be read, or is from nobody */
export async function parseMime(raw: Buffer): Promise<Mail | null> {
  const parsed = await simpleParser(raw, {
    keepDeliveryStatus: true,
    skipImageLinks: true,
    skipTextToHtml: true,
    maxHtmlLengthToParse: LONGEST_HTML,
  });
  const [from] = addressesOf(parsed.from);
  const headers = headersOf(parsed.headerLines.map(({ line }) => line).join('\n'));
  if (Object.keys(headers).length === 0) return null;
  return {
    headers,
    from: from?.address ?? '',
    fromName: from?.name || null,
    to: [parsed.to, parsed.cc].flatMap(addressesOf).flatMap(({ address }) => (address ? [address] : [])),
    subject: parsed.subject ?? null,
    text: parsed.text ?? '',
    attachments: parsed.attachments.map(partOf),
    digest: createHash('sha256').update(raw).digest('hex'),
  };
}

const addressesOf = (field: AddressObject | AddressObject[] | undefined): AddressObject['value'] =>
  [field].flat().flatMap((each) => each?.value.flatMap((one) => one.group ?? [one]) ?? []);

const partOf = ({ filename, contentType, size, content }: Attachment, index: number): MailPart => ({
  filename: filename || `attachment-${String(index + 1)}`,
  contentType,
  bytes: size,
  content: isReportPart(contentType) ? content.subarray(0, REPORT_BYTES).toString('utf8') : null,
});
