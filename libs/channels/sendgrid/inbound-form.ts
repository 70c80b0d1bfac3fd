import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { isReportPart, REPORT_BYTES } from '#channels/mail/mail.js';

export interface FormFile {
  field: string;
  filename: string;
  contentType: string;
  bytes: number;
  /** Its beginning, of reports alone. */
  head: Buffer | null;
}

export interface Form {
  fields: Map<string, Buffer>;
  files: FormFile[];
}

const MOST_PARTS = 500;

/** A form as its bytes: its fields may each be in a character set of their own. @returns null when it is none */
export async function readForm(contentType: string, body: Buffer): Promise<Form | null> {
  if (!/^multipart\/form-data\b/i.test(contentType)) return null;
  const form: Form = { fields: new Map(), files: [] };
  return new Promise((resolve) => {
    const busboy = parserOf({ 'content-type': contentType });
    if (!busboy) return resolve(null);
    busboy.on('file', (name, stream, filename, _encoding, mimetype) => {
      // A field has no file's name; it comes as a stream all the same, for its bytes.
      const isField = (filename as string | undefined) === undefined;
      const keepsHead = isField ? Infinity : isReportPart(mimetype) ? REPORT_BYTES : 0;
      const kept: Buffer[] = [];
      let bytes = 0;
      stream.on('data', (chunk: Buffer) => {
        if (bytes < keepsHead) kept.push(chunk.subarray(0, keepsHead - bytes));
        bytes += chunk.length;
      });
      stream.on('end', () => {
        if (isField) form.fields.set(name, Buffer.concat(kept));
        else
          form.files.push({
            field: name,
            filename,
            contentType: mimetype,
            bytes,
            head: keepsHead > 0 ? Buffer.concat(kept) : null,
          });
      });
      stream.on('error', () => resolve(null));
    });
    busboy.on('error', () => resolve(null));
    busboy.on('finish', () => resolve(form.fields.size > 0 ? form : null));
    busboy.end(body);
  });
}

/** @returns undefined for a form without a boundary */
function parserOf(headers: BusboyHeaders): InstanceType<typeof Busboy> | undefined {
  try {
    return new Busboy({
      headers,
      isPartAFile: () => true,
      limits: { parts: MOST_PARTS, fieldNameSize: 100, headerPairs: 50 },
    });
  } catch {
    return undefined;
  }
}
