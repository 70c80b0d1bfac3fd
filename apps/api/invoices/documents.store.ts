import { createHash } from 'node:crypto';
import type { Scope } from '#engine/scope.js';
import { audit } from '../common/audit.js';
import { Problem } from '../common/problem.js';
import type { DocumentResource } from './documents.schemas.js';

/** A message with a larger attachment is refused by many mail servers. */
export const DOCUMENT_LIMIT = 10_000_000;

export const PDF = 'application/pdf';

interface DocumentRow {
  id: string;
  filename: string;
  content_type: string;
  bytes: number;
  sha256: Buffer;
}

const view = (row: DocumentRow): DocumentResource => ({
  id: row.id,
  filename: row.filename,
  contentType: row.content_type,
  bytes: row.bytes,
  sha256: row.sha256.toString('hex'),
});

/** @throws {Problem} when the bytes are no PDF, whatever their type says */
export const checkPdf = (content: Buffer): void => {
  if (content.subarray(0, 1024).includes('%PDF-')) return;
  throw new Problem('unprocessable', 'The body is no PDF.', { remedy: 'Send the bytes of a PDF file.' });
};

const CURRENT = `
  select d.id, d.filename, d.content_type, length(d.content) as bytes, d.sha256
  from invoice i join document d on d.organisation_id = i.organisation_id and d.id = i.document_id
  where i.organisation_id = $1 and i.id = $2`;

const INSERT = `
  insert into document (organisation_id, filename, content_type, content, sha256)
  values ($1, $2, $3, $4, $5) returning id, filename, content_type, length(content) as bytes, sha256`;

/** Makes it the document of the invoice; an earlier one stays in the store, for letters that carried it. */
export const putDocument = async (
  scope: Scope,
  invoiceId: string,
  filename: string | undefined,
  content: Buffer,
): Promise<DocumentResource> => {
  const [invoice] = await scope.manager.query<{ number: string }[]>(
    'select number from invoice where organisation_id = $1 and id = $2 for update',
    [scope.organisationId, invoiceId],
  );
  const name = filename ?? `${(invoice?.number ?? invoiceId).replace(/[/\\\r\n"]/g, '-')}.pdf`;
  const sha256 = createHash('sha256').update(content).digest();
  const [current] = await scope.manager.query<DocumentRow[]>(CURRENT, [scope.organisationId, invoiceId]);
  if (current?.sha256.equals(sha256) && current.filename === name) return view(current);
  return replace(scope, invoiceId, [name, PDF, content, sha256]);
};

const replace = async (scope: Scope, invoiceId: string, values: unknown[]): Promise<DocumentResource> => {
  const [row] = await scope.manager.query<DocumentRow[]>(INSERT, [scope.organisationId, ...values]);
  if (!row) throw new Error('The document was not written.');
  await scope.manager.query('update invoice set document_id = $3 where organisation_id = $1 and id = $2', [
    scope.organisationId,
    invoiceId,
    row.id,
  ]);
  const detail = { document: row.id, bytes: row.bytes };
  await audit(scope, {
    action: 'invoice.document_changed',
    subjectType: 'invoice',
    subjectId: invoiceId,
    detail,
  });
  return view(row);
};

export interface StoredDocument {
  filename: string;
  contentType: string;
  content: Buffer;
}

/** @throws {Problem} not-found when the invoice has none */
export const loadDocument = async (scope: Scope, invoiceId: string): Promise<StoredDocument> => {
  const [row] = await scope.manager.query<StoredDocument[]>(
    `select d.filename, d.content_type as "contentType", d.content
     from invoice i join document d on d.organisation_id = i.organisation_id and d.id = i.document_id
     where i.organisation_id = $1 and i.id = $2`,
    [scope.organisationId, invoiceId],
  );
  if (row) return row;
  throw new Problem('not-found', 'This invoice has no document.', {
    remedy: 'Upload one with PUT to the same path.',
  });
};
