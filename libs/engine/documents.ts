import type { Attachment } from '#channels/channel.js';
import type { Scope } from './scope.js';

interface DocumentRow {
  filename: string;
  content_type: string;
  content: Buffer;
}

/** The invoice's document as an attachment; none without one. */
export async function loadAttachments(
  { manager, organisationId }: Scope,
  documentId: string | null,
): Promise<Attachment[]> {
  if (documentId === null) return [];
  const rows = await manager.query<DocumentRow[]>(
    'select filename, content_type, content from document where organisation_id = $1 and id = $2',
    [organisationId, documentId],
  );
  return rows.map(({ filename, content_type: contentType, content }) => ({ filename, contentType, content }));
}
