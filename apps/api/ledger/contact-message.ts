import { composeEmail } from '#channels/email/compose-email.js';
import { loadAttachments } from '#engine/documents.js';
import { type Snapshot, toMessage } from '#engine/letter.js';
import type { Scope } from '#engine/scope.js';
import { Problem } from '../common/problem.js';
import { idOf, notFound } from '../common/reference.js';

/** What stands in the place of an address that was taken out. */
const ERASED = 'erased';

/** The e-mail of a contact, composed again from its snapshot. @throws {Problem} when it was none */
export async function rebuildMessage(scope: Scope, reference: string): Promise<Buffer> {
  const id = await idOf(scope, 'contact', reference);
  const [row] = await scope.manager.query<{ snapshot: Snapshot }[]>(
    'select snapshot from contact where organisation_id = $1 and id = $2',
    [scope.organisationId, id],
  );
  if (!row) throw notFound('contact', reference);
  const { snapshot } = row;
  if (snapshot.medium !== 'email')
    throw new Problem('not-found', `This message went out by ${snapshot.medium}, and is no e-mail.`);
  if (snapshot.to.address === ERASED)
    throw new Problem(
      'not-found',
      'What this message said was taken out, because its recipient asked for it.',
    );
  const attachments = await loadAttachments(scope, snapshot.documentId);
  return composeEmail(toMessage(snapshot, id, scope.organisationId, attachments));
}
