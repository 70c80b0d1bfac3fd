import type { MessageMedium } from '#domain/medium.js';
import { gate, type SendAction } from '#domain/gate.js';
import type { Instant } from '#domain/instant.js';
import { triedOf } from '#domain/planning/cursor.js';
import type { Plan } from '#domain/planning/plan.js';
import { afterRefusal, type Refusal } from '#domain/planning/refusal.js';
import { untoldPlan, untoldPromise, wasToldSince } from '#domain/planning/resuming.js';
import { copiesOf } from '#domain/planning/recipients.js';
import { factsUnder, owesOptOut } from '#domain/policy/duties.js';
import { type ContactingAction, keepingOf, type Outreach } from '#domain/policy/keeping.js';
import { inStatementOrder, statementLine } from '#domain/statement.js';
import { type Arm, assignVariant } from '#domain/variants.js';
import type { Begun } from './begun.js';
import type { CampaignVersion } from './campaigns/load-version.js';
import { type EngineDeps, TIMING } from './deps.js';
import { loadAttachments } from './documents.js';
import { beginContact } from './ledger.js';
import { type LetterRequest, senderOf, writeLetter } from './letter.js';
import type { LetterFacts } from './letter-facts.js';
import { type Applicant, admit } from './limits/admit.js';
import { linkBaseOf } from './mail.js';
import type { LoadedEnrolment } from './load-enrolment.js';
import type { LockedScope } from './lock-invoice.js';
import { outreachFor } from './policy.js';
import {
  type Candidates,
  gatherStatement,
  loadCandidates,
  type Member,
  STATEMENT_TEMPLATE,
  writeAttempts,
} from './statement/index.js';
import { storePlan } from './store-plan.js';

/** Asks the gate, and writes the ledger when it agrees. @returns null when it does not; `loaded` then says why */
export async function beginSend(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  version: CampaignVersion,
  action: SendAction,
): Promise<Begun | null> {
  // Sent together: one round trip less under the lock.
  const [outreach, candidates] = await Promise.all([
    outreachFor(scope, loaded, version, action),
    loadCandidates(scope, loaded, version),
  ]);
  const { isHoliday } = deps.calendar;
  const keeping =
    outreach && keepingOf(version.document, loaded.facts, action, outreach, isHoliday, scope.now);
  const decision = gate(loaded.facts, action, scope.now, keeping);
  if (decision.kind !== 'send') {
    await obey(scope, loaded, version, action, decision);
    return null;
  }
  return begin(deps, scope, loaded, version, action, outreach, candidates);
}

/** The gate said no: the reasons are stored, and the ladder goes on from there. */
export async function obey(
  scope: LockedScope,
  loaded: LoadedEnrolment,
  { document }: CampaignVersion,
  action: ContactingAction,
  refusal: Refusal,
): Promise<void> {
  const { stepKey, stepIndex, occurrence, dueAt } = action;
  const step = { stepKey, stepIndex, occurrence, dueAt };
  const plan: Omit<Plan, 'cursor'> = {
    next: { kind: 'act', action },
    skips: [],
    deferrals: [],
    expiredTasks: [],
    putOff: null,
  };
  const { facts, cursor } = loaded;
  const after = afterRefusal(document, facts, cursor, action, refusal, scope.now);
  loaded.cursor = after.cursor;
  if (refusal.kind === 'defer') plan.deferrals = [{ ...step, reasons: refusal.reasons }];
  else if (after.decision)
    plan.skips = refusal.reasons.map(({ rule, text }) => ({ ...step, reason: rule, text }));
  await storePlan(scope, loaded, { ...plan, cursor: loaded.cursor });
}

async function begin(
  deps: EngineDeps,
  scope: LockedScope,
  loaded: LoadedEnrolment,
  version: CampaignVersion,
  action: SendAction,
  outreach: Outreach | null,
  candidates: Candidates,
): Promise<Begun | null> {
  const { facts, letter } = loaded;
  const medium = action.medium as MessageMedium;
  if (!letter) throw new Error('A step is sent from facts that were loaded without its letter.');
  const { personId, pointId } = action;
  const admission = await admit(deps, scope, loaded, applicantOf(loaded, letter, action, medium));
  if (admission.kind === 'wait') {
    await obey(scope, loaded, version, action, { ...admission, kind: 'defer' });
    return null;
  }
  const { channel, admitted } = admission;
  const { organisationId, kind, now } = scope;
  const others = await gatherStatement(deps, scope, loaded, version, action, candidates, outreach);
  const isStatement = others.length > 0;
  const members = [{ loaded, action, number: letter.number }, ...others];
  const { arm, ...said } = isStatement
    ? statementOf(version, members, now)
    : reminderOf(version, loaded, action, now);
  const copies = copiesAllowed(deps, scope, loaded, version, action, outreach);
  const written = writeLetter({
    facts,
    letter,
    personId,
    pointId,
    medium,
    now,
    ...said,
    purpose: action.step.purpose,
    copies,
    owesOptOut: owesOptOut(version.document, facts, medium, now),
    surroundings: { organisationId, linkBase: linkBaseOf(deps.publicUrl, kind) },
  });
  const attachments = await loadAttachments(scope, written.snapshot.documentId);
  const begun = await beginContact(scope, {
    loaded,
    pointId,
    copiedTo: copies.map((copy) => copy.pointId),
    kind: isStatement ? 'statement' : 'reminder',
    purpose: action.step.purpose,
    provider: channel.provider,
    sendKey: sendKey(loaded, action),
    ...written,
    leaseMs: (deps.timing ?? TIMING).leaseMs,
    step: { ...action, arm },
    isLast: !isStatement,
  });
  if (isStatement) await writeAttempts(scope, begun.contactId, members);
  return {
    ...begun,
    enrolmentId: loaded.id,
    invoiceVersion: scope.invoiceVersion,
    channel,
    admitted,
    medium,
    ...written,
    step: action,
    answerId: null,
    isStatement,
    loaded,
    attachments,
    // Events are told in the transaction that they belong to.
    expected:
      scope.isListenedTo || isStatement
        ? null
        : { document: version.document, clock: scope.kind === 'test' ? scope.now : null },
    mayHaveCalled: false,
  };
}

/** Who else gets a copy: whoever may be contacted by the policies as well. Others are left out, for nothing waits for a copy. */
function copiesAllowed(
  { calendar: { isHoliday } }: EngineDeps,
  { now }: LockedScope,
  { facts, letter }: LoadedEnrolment,
  { document }: CampaignVersion,
  action: SendAction,
  outreach: Outreach | null,
): { personId: string; pointId: string }[] {
  if (action.medium !== 'email') return [];
  const copies = copiesOf(action.step, factsUnder(document, facts).customer, action.pointId);
  if (!outreach) return copies;
  return copies.filter(({ personId, pointId }) => {
    const address =
      letter?.people.find(({ id }) => id === personId)?.points?.[pointId]?.toLowerCase() ?? null;
    const copy = { ...action, personId, pointId };
    return keepingOf(document, facts, copy, { ...outreach, address }, isHoliday, now) === null;
  });
}

/** What a letter says, and the variant of it; a statement has none, for it is no step's own. */
type Said = Pick<
  LetterRequest,
  'templates' | 'documentMode' | 'statement' | 'brokenPromise' | 'brokenPlan' | 'returned' | 'action'
> & { arm: Arm };

function reminderOf(
  version: CampaignVersion,
  { facts, cursor, letter }: LoadedEnrolment,
  action: SendAction,
  now: Instant,
): Said {
  const { step } = action;
  const { externalId, exposures } = facts.customer;
  const arm = assignVariant(step, version.campaignExternalId, externalId, exposures);
  const brokenPromise = untoldPromise(facts, cursor, now);
  return {
    arm,
    action,
    templates: templatesOf(version, arm.template),
    documentMode: step.document,
    brokenPromise,
    brokenPlan: untoldPlan(facts, cursor, now),
    returned: letter?.returned && !wasToldSince(letter.returned.at, cursor) ? letter.returned : null,
  };
}

const NO_ARM: Arm = { variantKey: 'only', template: STATEMENT_TEMPLATE, experiment: null, seed: '' };

/** Documents stay away: one of many would look like the only one that is meant. */
const statementOf = (version: CampaignVersion, members: readonly Member[], now: Instant): Said => ({
  arm: NO_ARM,
  templates: templatesOf(version, STATEMENT_TEMPLATE),
  documentMode: 'none',
  statement: inStatementOrder(members, ({ loaded }) => loaded.facts.invoice).map(
    ({ loaded: { facts }, action, number }) => statementLine({ facts, action }, number, now),
  ),
});

function templatesOf({ templates }: CampaignVersion, key: string): LetterRequest['templates'] {
  const found = templates[key];
  if (!found) throw new Error('A published version lacks a template that its step names.');
  return found;
}

/** The message as the limits see it. */
function applicantOf(
  { cursor, facts }: LoadedEnrolment,
  letter: LetterFacts,
  { stepKey, occurrence, dueAt }: SendAction,
  medium: MessageMedium,
): Applicant {
  const { lastSent } = facts;
  const failed =
    lastSent?.stepKey === stepKey && lastSent.occurrence === occurrence && lastSent.state === 'not_reached';
  return {
    medium,
    sender: senderOf(letter, medium).address,
    rate: letter.creditor.senders[medium]?.rate,
    dueAt,
    slot: triedOf(cursor, stepKey, occurrence)?.slot,
    avoid: failed ? (lastSent.provider ?? null) : null,
  };
}

/** Of (attempt, recipient point), whichever enrolment of the invoice it belongs to. */
const sendKey = ({ invoiceId, campaignId, facts }: LoadedEnrolment, action: SendAction): string =>
  [invoiceId, campaignId, action.stepKey, facts.runNo, action.occurrence, action.pointId].join('/');
