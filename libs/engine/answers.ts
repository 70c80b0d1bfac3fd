import type { Outcome } from '#channels/channel.js';
import { isMessageMedium, type Medium, POINT_OF } from '#domain/medium.js';
import type { CampaignVersion } from './campaigns/load-version.js';
import { type EngineDeps, TIMING } from './deps.js';
import type { Begun } from './execute-step.js';
import { beginContact } from './ledger.js';
import { writeLetter } from './letter.js';
import type { LoadedEnrolment } from './load-enrolment.js';
import type { LockedScope } from './lock-invoice.js';

interface RequestRow {
  id: string;
  kind: 'answer' | 'confirmation';
  template_key: string;
  medium: Medium;
}

/**
 * Writes an answer or confirmation that somebody asked for. It is not counted and no hold keeps it back, for the
 * person wants it. One that cannot be written (no address, no such template) is marked as failed.
 */
export async function beginAnswer(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  version: CampaignVersion,
  requestId: string,
): Promise<Begun | null> {
  const request = await readRequest(scope, requestId);
  const recipient = request && findPoint(loaded, request.medium);
  const templates = request && version.templates[request.template_key];
  loaded.facts.requestedAnswers = loaded.facts.requestedAnswers.filter(({ id }) => id !== requestId);
  if (!recipient || !templates || !loaded.letter || !isMessageMedium(request.medium)) {
    await setState(scope, requestId, 'failed', null);
    return null;
  }
  const { medium } = request;
  const channel = deps.channels.forOrganisation(scope.kind, medium);
  const written = writeLetter({
    facts: loaded.facts,
    letter: loaded.letter,
    ...recipient,
    medium,
    templates,
    now: scope.now,
  });
  const contactId = await beginContact(scope, {
    loaded,
    pointId: recipient.pointId,
    kind: request.kind,
    purpose: 'answer',
    provider: channel.provider,
    sendKey: `answer/${requestId}/${recipient.pointId}`,
    ...written,
    leaseMs: (deps.timing ?? TIMING).leaseMs,
    step: null,
  });
  await setState(scope, requestId, 'sent', contactId);
  return {
    contactId,
    channel,
    medium,
    ...written,
    step: null,
    answerId: requestId,
    loaded,
    mayHaveCalled: false,
  };
}

/** An answer that was refused or never got through is visible as failed; what may have gone out counts as sent. */
export async function markAnswer(scope: LockedScope, requestId: string, outcome: Outcome): Promise<void> {
  if (outcome.kind === 'accepted' || outcome.kind === 'unknown') return;
  await scope.manager.query(
    `update answer_request set state = 'failed' where organisation_id = $1 and id = $2`,
    [scope.organisationId, requestId],
  );
}

async function readRequest(scope: LockedScope, id: string): Promise<RequestRow | undefined> {
  const [row] = await scope.manager.query<RequestRow[]>(
    'select id, kind, template_key, medium from answer_request where organisation_id = $1 and id = $2',
    [scope.organisationId, id],
  );
  return row;
}

async function setState(
  scope: LockedScope,
  id: string,
  state: 'sent' | 'failed',
  contactId: string | null,
): Promise<void> {
  await scope.manager.query(
    'update answer_request set state = $3, contact_id = $4 where organisation_id = $1 and id = $2',
    [scope.organisationId, id, state, contactId],
  );
}

function findPoint({ facts }: LoadedEnrolment, medium: Medium): { personId: string; pointId: string } | null {
  for (const person of facts.customer.people) {
    const point = person.points.find(({ kind, status }) => kind === POINT_OF[medium] && status === 'active');
    if (point) return { personId: person.id, pointId: point.id };
  }
  return null;
}
