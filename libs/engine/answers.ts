import type { Outcome } from '#channels/channel.js';
import { type EnrolmentFacts, mayUse, suits } from '#domain/facts.js';
import type { Instant, LocalDate } from '#domain/instant.js';
import { isMessageMedium, type Medium } from '#domain/medium.js';
import { parseAmount } from '#domain/money.js';
import { messageIdIn } from '#domain/references.js';
import type { Tries } from '#domain/planning/cursor.js';
import { tryLater, UNTRIED } from '#domain/planning/outcome.js';
import type { LetterTemplate } from '#domain/task-outcomes.js';
import type { CampaignVersion } from './campaigns/load-version.js';
import { type EngineDeps, TIMING } from './deps.js';
import type { Begun } from './begun.js';
import { CONSENT_CONFIRMATION } from './facts/double-opt-in.js';
import { loadAttachments } from './documents.js';
import { beginContact } from './ledger.js';
import { type LetterRequest, type PromisedPayment, senderOf, writeLetter } from './letter.js';
import { admit } from './limits/admit.js';
import { linkBaseOf } from './mail.js';
import type { LoadedEnrolment } from './load-enrolment.js';
import type { LockedScope } from './lock-invoice.js';
import { isWithheld } from './stop/withheld.js';

interface RequestRow {
  id: string;
  kind: 'answer' | 'confirmation';
  template_key: string;
  medium: Medium;
  facts: SaidOfOutcome;
  point_id: string | null;
  tries: Tries | null;
  /** Of the message that it answers. */
  message_id: string | null;
}

/** What `letterFacts` stored of the outcome that the letter is about. */
interface SaidOfOutcome {
  amount?: string;
  currency?: string;
  promisedOn?: LocalDate;
  /** After this instant it says nothing any more. */
  notAfter?: Instant;
  /** That its owner is to confirm. */
  consentId?: string;
}

/**
 * Writes an answer or confirmation that somebody asked for. It is not counted and no hold keeps it back, for the
 * person wants it. One that cannot be written (no address, no such template, no promise to confirm) is marked as
 * failed.
 */
export async function beginAnswer(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  version: CampaignVersion,
  requestId: string,
): Promise<Begun | null> {
  const request = await readRequest(scope, requestId);
  loaded.facts.requestedAnswers = loaded.facts.requestedAnswers.filter(({ id }) => id !== requestId);
  const letter = request && requestOf(deps, request, scope, loaded, version);
  if (!letter) {
    await setState(scope, requestId, 'failed', null);
    return null;
  }
  const { medium, pointId } = letter;
  const admission = await admit(deps, scope, loaded, {
    medium,
    sender: senderOf(letter.letter, medium).address,
    rate: letter.letter.creditor.senders[medium]?.rate,
    dueAt: scope.now,
    slot: request.tries?.slot,
    avoid: null,
  });
  if (admission.kind === 'wait') {
    const { until, slot } = admission;
    await setTries(scope, requestId, { ...(request.tries ?? UNTRIED), notBefore: until, slot });
    loaded.facts.requestedAnswers.push({ id: requestId, medium, notBefore: until });
    return null;
  }
  const { channel, admitted } = admission;
  const written = writeLetter(letter);
  const begun = await beginContact(scope, {
    loaded,
    pointId,
    kind: request.kind,
    purpose: request.template_key === CONSENT_CONFIRMATION ? 'consent' : 'answer',
    provider: channel.provider,
    sendKey: `answer/${requestId}/${pointId}`,
    ...written,
    leaseMs: (deps.timing ?? TIMING).leaseMs,
    step: null,
    isLast: false,
  });
  await setState(scope, requestId, 'sent', begun.contactId);
  return {
    ...begun,
    enrolmentId: loaded.id,
    invoiceVersion: scope.invoiceVersion,
    attachments: await loadAttachments(scope, written.snapshot.documentId),
    channel,
    admitted,
    medium,
    ...written,
    step: null,
    answerId: requestId,
    isStatement: false,
    loaded,
    expected: null,
    mayHaveCalled: false,
  };
}

/** What to write to whom; null when it cannot be written. */
function requestOf(
  deps: EngineDeps,
  { medium, template_key: key, facts: said, point_id: pointId, message_id: messageId }: RequestRow,
  { now, organisationId, kind: organisation }: LockedScope,
  { facts, letter }: LoadedEnrolment,
  version: CampaignVersion,
): LetterRequest | null {
  const recipient = pointId === null ? findPoint(facts, medium) : ownerOf(facts, pointId);
  const templates = version.templates[key];
  const promise = promiseOf(said);
  if (!recipient || !templates || !letter || !isMessageMedium(medium)) return null;
  if (said.notAfter !== undefined && now > said.notAfter) return null;
  if (key === PROMISE_CONFIRMATION && !promise) return null;
  const asksConsent = key === CONSENT_CONFIRMATION;
  const surroundings = { organisationId, linkBase: linkBaseOf(deps.publicUrl, organisation) };
  if (asksConsent && surroundings.linkBase === null) return null;
  return {
    facts,
    letter,
    ...recipient,
    medium,
    templates,
    promise,
    purpose: null,
    repliesTo: messageIdIn(messageId),
    surroundings,
    asksConsent,
    now,
  };
}

/** Its template may name the promise without asking whether there is one. */
const PROMISE_CONFIRMATION: LetterTemplate = 'promise-confirmation';

const promiseOf = ({ amount, currency, promisedOn }: SaidOfOutcome): PromisedPayment | null =>
  amount === undefined || currency === undefined || promisedOn === undefined
    ? null
    : { minor: parseAmount(amount, currency), currency, on: promisedOn };

/**
 * What may have gone out counts as sent. What certainly did not is tried again, as long as a step would be; after that,
 * and when it was refused, it is visible as failed.
 *
 * @param mayTryAgain false for an outcome that comes late, after the answer was taken for sent
 */
export async function markAnswer(
  scope: LockedScope,
  requestId: string,
  outcome: Outcome,
  mayTryAgain: boolean,
): Promise<void> {
  if (outcome.kind === 'accepted' || outcome.kind === 'unknown') return;
  const request = await readRequest(scope, requestId);
  const tries = request?.tries ?? UNTRIED;
  const later = isWithheld(outcome)
    ? tries
    : outcome.kind === 'rejected' || !mayTryAgain
      ? null
      : tryLater(tries, outcome, scope.now);
  await scope.manager.query(
    'update answer_request set state = $3, tries = coalesce($4, tries) where organisation_id = $1 and id = $2',
    [scope.organisationId, requestId, later ? 'waiting' : 'failed', later && JSON.stringify(later)],
  );
}

async function readRequest(scope: LockedScope, id: string): Promise<RequestRow | undefined> {
  const [row] = await scope.manager.query<RequestRow[]>(
    `select a.id, a.kind, a.template_key, a.medium, a.facts, a.tries, a.point_id, m.headers->>'message-id' as message_id
     from answer_request a left join inbound_message m on m.organisation_id = a.organisation_id and m.id = a.inbound_id
     where a.organisation_id = $1 and a.id = $2`,
    [scope.organisationId, id],
  );
  return row;
}

/** When it is tried again, without a try. */
const setTries = ({ manager, organisationId }: LockedScope, id: string, tries: Tries): Promise<unknown> =>
  manager.query('update answer_request set tries = $3 where organisation_id = $1 and id = $2', [
    organisationId,
    id,
    JSON.stringify(tries),
  ]);

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

/** A named address is written to whatever it is suppressed for: it is what confirms that. */
const ownerOf = (
  { customer }: EnrolmentFacts,
  pointId: string,
): { personId: string; pointId: string } | null => {
  const person = customer.people.find(({ points }) => points.some(({ id }) => id === pointId));
  return person ? { personId: person.id, pointId } : null;
};

function findPoint(
  { customer }: EnrolmentFacts,
  medium: Medium,
): { personId: string; pointId: string } | null {
  for (const person of customer.people) {
    const point = person.points.find((each) => suits(each, medium) && mayUse(each, medium, null));
    if (point) return { personId: person.id, pointId: point.id };
  }
  return null;
}
