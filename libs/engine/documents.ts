import type { Attachment } from '#channels/channel.js';
import { withOrganisation } from '#store/with-organisation.js';
import type { EngineDeps } from './deps.js';

interface DocumentRow {
  filename: string;
  content_type: string;
  content: Buffer;
}

/** The invoice's document as an attachment; none without one. */
export async function loadAttachments(
  { dataSource }: Pick<EngineDeps, 'dataSource'>,
  organisationId: string,
  documentId: string | null,
): Promise<Attachment[]> {
  if (documentId === null) return [];
  const rows = await withOrganisation(dataSource, organisationId, (manager) =>
    manager.query<DocumentRow[]>(
      'select filename, content_type, content from document where organisation_id = $1 and id = $2',
      [organisationId, documentId],
    ),
  );
  return rows.map(({ filename, content_type: contentType, content }) => ({ filename, contentType, content }));
}
