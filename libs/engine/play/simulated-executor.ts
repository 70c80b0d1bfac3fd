import { templatesOf } from '#domain/campaign/document.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import { decisionOn, gate, type Reason, type SendAction } from '#domain/gate.js';
import type { Instant } from '#domain/instant.js';
import { addToInstant } from '#domain/local-time.js';
import { parseDuration } from '#domain/duration.js';
import { insteadReasons } from '#domain/planning/addressees.js';
import { type Cursor, occurrenceKey, runNoOf } from '#domain/planning/cursor.js';
import { afterOutcome, afterTask } from '#domain/planning/outcome.js';
import { copiesOf } from '#domain/planning/recipients.js';
import { afterRefusal, type Refusal } from '#domain/planning/refusal.js';
import { type Action, plan, type Plan, type StepRef, wakesAt } from '#domain/planning/plan.js';
import { factsUnder } from '#domain/policy/duties.js';
import {
  type ContactingAction,
  hasPolicy,
  type Keeping,
  keepingOf,
  type Outreach,
} from '#domain/policy/keeping.js';
import {
  areForOne,
  comingSend,
  inStatementOrder,
  mayJoin,
  MOST_IN_STATEMENT,
  windowEnd,
} from '#domain/statement.js';
import { applyOutcome } from '#domain/apply-outcome.js';
import { SPOKE } from '#domain/task-outcomes.js';
import { assignVariant } from '#domain/variants.js';
import type { WorkingCalendar } from '#domain/working-days.js';
import { DEFAULT_TASK_WAIT } from '#engine/tasks.js';
import { type DecisionRecord, inLedgerOrder } from './decision-record.js';
import { Respondent, type Scenario, type ScenarioInvoice } from './scenario.js';
import { nameOf } from './scenario-events.js';
import { SimulatedOutreach } from './simulated-outreach.js';

/** An enrolment as a simulation has it, in memory. */
export interface SimulatedEnrolment {
  invoice: ScenarioInvoice;
  facts: EnrolmentFacts;
  cursor: Cursor;
  nextDue: Instant | null;
  ended: boolean;
}

/** A step that goes out, perhaps with others. */
interface Member {
  enrolment: SimulatedEnrolment;
  action: SendAction;
}

/** Plans, asks the gate and carries out what is due, in memory: what `executeStep` and the ledger are to the engine. */
export class SimulatedExecutor {
  clock: Instant = -Infinity;
  /** Messages and answers that went out. */
  contacts = 0;
  readonly outreach: SimulatedOutreach;
  /** By invoice and occurrence: what is decided about one that was kept back takes the place of that. */
  private readonly decided = new Map<string, DecisionRecord>();
  private readonly respondent: Respondent;

  /**
   * @param open enrolments that have not ended; those that end are taken out of it
   * @param campaign external id, which variants are drawn by
   */
  constructor(
    private readonly scenario: Scenario,
    private readonly calendar: WorkingCalendar,
    private readonly campaign: string,
    private readonly open: Set<SimulatedEnrolment>,
  ) {
    this.respondent = new Respondent(scenario.answers);
    this.outreach = new SimulatedOutreach(
      new Map(scenario.customers.map(({ externalId, wishes }) => [externalId, wishes ?? []])),
    );
  }

  /** In the order of the ledger. */
  records(): DecisionRecord[] {
    return [...this.decided.values()].sort(inLedgerOrder);
  }

  /** Does all that is due for one enrolment, as planner and executor do together. */
  walk(enrolment: SimulatedEnrolment): void {
    const { facts } = enrolment;
    const { document } = this.scenario;
    for (;;) {
      const planned = plan(facts, document, enrolment.cursor, this.clock, this.calendar);
      this.takeOver(enrolment, planned);
      if (planned.next.kind !== 'act') {
        enrolment.nextDue = planned.next.kind === 'wait' ? wakesAt(planned.next) : null;
        if (planned.next.kind === 'finished') this.end(enrolment);
        if (!this.answerTask(enrolment)) return;
      } else this.act(enrolment, planned.next.action);
    }
  }

  /** What a plan decided by the way. */
  private takeOver(enrolment: SimulatedEnrolment, planned: Plan): void {
    const { facts } = enrolment;
    for (const skip of planned.skips) this.record(enrolment, skip, 'suppressed', null, [skip.reason]);
    for (const deferral of planned.deferrals)
      this.record(enrolment, deferral, 'deferred', null, rulesOf(deferral.reasons));
    enrolment.cursor = planned.cursor;
    facts.runNo = runNoOf(facts.runNo, planned.cursor);
    facts.openTasks = facts.openTasks.filter(({ id }) => !planned.expiredTasks.includes(id));
  }

  private end(enrolment: SimulatedEnrolment): void {
    enrolment.ended = true;
    this.open.delete(enrolment);
  }

  private act(enrolment: SimulatedEnrolment, action: Action): void {
    switch (action.kind) {
      case 'send':
        return this.send(enrolment, action);
      case 'task':
        return this.askForCall(enrolment, action);
      case 'approval': {
        const { stepKey, occurrence, waitUntil } = action;
        const task = { id: `${stepKey}#${occurrence}?`, stepKey, occurrence, waitUntil };
        enrolment.facts.openTasks.push({ ...task, approves: templatesOf(action.step) });
        return;
      }
      case 'follow_up':
        enrolment.cursor = { ...enrolment.cursor, exhausted: true };
        return;
      case 'answer':
        enrolment.facts.requestedAnswers = enrolment.facts.requestedAnswers.filter(
          ({ id }) => id !== action.requestId,
        );
        this.contacts += 1;
    }
  }

  private send(enrolment: SimulatedEnrolment, action: SendAction): void {
    const { facts } = enrolment;
    const outreach = this.outreachFor(enrolment, action);
    const decision = gate(facts, action, this.clock, this.keptBack(enrolment, action, outreach));
    if (decision.kind !== 'send') return this.obey(enrolment, action, decision);
    const others = outreach ? this.gather(enrolment, action, outreach) : [];
    this.copied(enrolment, action, outreach, others);
    if (others.length > 0) return this.sendStatement([{ enrolment, action }, ...others]);
    const arm = assignVariant(
      action.step,
      this.campaign,
      facts.customer.externalId,
      facts.customer.exposures,
    );
    if (arm.experiment) facts.customer.exposures[arm.experiment] = arm.variantKey;
    this.contacted([{ enrolment, action }]);
    this.record(enrolment, action, 'sent', action.medium, toldOf(action), action.personId);
    this.accepted(enrolment, action);
  }

  private accepted(enrolment: SimulatedEnrolment, action: SendAction): void {
    const { cursor } = enrolment;
    enrolment.cursor = afterOutcome(cursor, action, action.medium, { kind: 'accepted' }, this.clock);
  }

  /** The other messages that are due to the same person on the same day, as the engine gathers them. */
  private gather(enrolment: SimulatedEnrolment, action: SendAction, outreach: Outreach): Member[] {
    const { document } = this.scenario;
    const { facts } = enrolment;
    const until = windowEnd(this.clock, facts);
    const others = [...this.open]
      .filter((other) => other !== enrolment && other.facts.customer === facts.customer)
      .filter(({ nextDue }) => nextDue !== null && nextDue < until);
    const members: Member[] = [];
    for (const other of inStatementOrder(others, (each) => each.facts.invoice).slice(
      0,
      MOST_IN_STATEMENT - 1,
    )) {
      const coming = comingSend(other.facts, document, other.cursor, this.clock, until, this.calendar);
      if (!coming || !areForOne({ facts, action }, { facts: other.facts, action: coming.action })) continue;
      const joined = { ...coming.action, medium: action.medium, pointId: action.pointId };
      const keeping = this.keptBack(other, joined, outreach);
      const asked = factsUnder(document, other.facts);
      if (!mayJoin({ facts: asked, action: joined }, keeping, this.clock)) continue;
      this.takeOver(other, coming.planned);
      members.push({ enrolment: other, action: joined });
    }
    return members;
  }

  private sendStatement(members: readonly Member[]): void {
    this.contacted(members);
    const [leader] = inStatementOrder(members, ({ enrolment }) => enrolment.facts.invoice);
    for (const member of members) {
      const { enrolment, action } = member;
      const reasons = toldOf(action);
      if (member === leader) this.record(enrolment, action, 'sent', action.medium, reasons, action.personId);
      else this.record(enrolment, action, 'merged', null, reasons);
      this.accepted(enrolment, action);
    }
    for (const { enrolment } of members.slice(1)) this.rest(enrolment);
  }

  /** Plans one that went out with another's message; whatever it does next it does by itself. */
  private rest(enrolment: SimulatedEnrolment): void {
    const planned = plan(
      enrolment.facts,
      this.scenario.document,
      enrolment.cursor,
      this.clock,
      this.calendar,
    );
    this.takeOver(enrolment, planned);
    const { next } = planned;
    enrolment.nextDue = next.kind === 'wait' ? wakesAt(next) : next.kind === 'act' ? this.clock : null;
    if (next.kind === 'finished') this.end(enrolment);
  }

  /** What the contact policies go by, as the engine reads it from its ledger. */
  private outreachFor({ facts }: SimulatedEnrolment, action: ContactingAction): Outreach | null {
    if (!hasPolicy(this.scenario.document)) return null;
    const address = action.kind === 'send' ? action.pointId : null;
    return this.outreach.of(facts.customer.externalId, address, this.clock);
  }

  private keptBack(
    { facts }: SimulatedEnrolment,
    action: ContactingAction,
    outreach: Outreach | null,
  ): Keeping | null {
    const { isHoliday } = this.calendar;
    return outreach && keepingOf(this.scenario.document, facts, action, outreach, isHoliday, this.clock);
  }

  /** The gate said no. */
  private obey(enrolment: SimulatedEnrolment, action: ContactingAction, refusal: Refusal): void {
    const { document } = this.scenario;
    const { facts, cursor } = enrolment;
    const after = afterRefusal(document, facts, cursor, action, refusal, this.clock);
    enrolment.cursor = after.cursor;
    if (after.decision) this.record(enrolment, action, after.decision, null, rulesOf(refusal.reasons));
  }

  /** Who got a copy was contacted as well; whoever may not be is left out. */
  private copied(
    enrolment: SimulatedEnrolment,
    action: SendAction,
    outreach: Outreach | null,
    others: readonly Member[],
  ): void {
    if (!outreach || action.medium !== 'email') return;
    const { facts } = enrolment;
    const { customer } = facts;
    const invoiceIds = [{ enrolment }, ...others].map((each) => each.enrolment.facts.invoice.externalId);
    for (const copy of copiesOf(
      action.step,
      factsUnder(this.scenario.document, facts).customer,
      action.pointId,
    )) {
      const { personId, pointId: address } = copy;
      if (this.keptBack(enrolment, { ...action, ...copy }, { ...outreach, address })) continue;
      const made = { medium: action.medium, personId, address, invoiceIds };
      this.outreach.contacted(customer.externalId, made, this.clock);
    }
  }

  /** One message about the invoices of all these. */
  private contacted(members: readonly Member[]): void {
    const [first] = members;
    if (!first) return;
    this.contacts += 1;
    const { medium, personId, pointId: address } = first.action;
    const invoiceIds = members.map(({ enrolment }) => enrolment.facts.invoice.externalId);
    const { externalId } = first.enrolment.facts.customer;
    this.outreach.contacted(externalId, { medium, personId, address, invoiceIds }, this.clock);
  }

  private askForCall(enrolment: SimulatedEnrolment, action: Extract<Action, { kind: 'task' }>): void {
    const keeping = this.keptBack(enrolment, action, this.outreachFor(enrolment, action));
    if (keeping) this.obey(enrolment, action, decisionOn(keeping));
    else this.makeTask(enrolment, action);
  }

  private makeTask(enrolment: SimulatedEnrolment, action: Extract<Action, { kind: 'task' }>): void {
    const { facts } = enrolment;
    const { stepKey, occurrence, step } = action;
    const wait = parseDuration(step.waitFor ?? DEFAULT_TASK_WAIT);
    const waitUntil = addToInstant(this.clock, wait, facts.customer.zone);
    facts.openTasks.push({ id: `${stepKey}#${occurrence}`, stepKey, occurrence, waitUntil });
    this.record(enrolment, action, 'task', 'call', toldOf(action));
    enrolment.cursor = afterTask(enrolment.cursor, action, this.clock);
  }

  /** Somebody calls, or approves, at once and records the outcome. @returns whether there was anything to answer */
  private answerTask(enrolment: SimulatedEnrolment): boolean {
    const [task] = enrolment.facts.openTasks;
    if (!task || enrolment.ended) return false;
    if (task.approves) {
      applyOutcome(enrolment.facts, task, { outcome: 'approved' }, this.clock);
      return true;
    }
    const { customer, invoice } = enrolment.facts;
    const outcome = this.respondent.answer(invoice.externalId, task.stepKey);
    const invoiceIds = [invoice.externalId];
    const call = { medium: 'call', personId: null, address: null, invoiceIds } as const;
    this.outreach.contacted(customer.externalId, call, this.clock);
    if (SPOKE.includes(outcome.outcome)) this.outreach.spoke(customer.externalId, invoiceIds, this.clock);
    applyOutcome(enrolment.facts, task, outcome, this.clock);
    return true;
  }

  private record(
    { invoice }: SimulatedEnrolment,
    { stepKey, stepIndex, occurrence }: StepRef,
    decision: DecisionRecord['decision'],
    channel: string | null,
    reasons: string[],
    person: string | null = null,
  ): void {
    const { customer, dueOn, invoice: name } = nameOf(invoice);
    const key = `${name}/${occurrenceKey(stepKey, occurrence)}`;
    const told = this.decided.get(key)?.deferredBy ?? [];
    const deferredBy = decision === 'deferred' ? [...new Set([...told, ...reasons])].sort() : told;
    this.decided.set(key, {
      at: this.clock,
      customer,
      dueOn,
      invoice: name,
      step: stepKey,
      stepIndex,
      occurrence,
      channel,
      person,
      decision,
      contact: decision === 'sent' || decision === 'merged' ? 'accepted' : null,
      reasons,
      deferredBy,
    });
  }
}

const toldOf = ({ instead }: ContactingAction): string[] => rulesOf(insteadReasons(instead));

const rulesOf = (reasons: readonly Reason[]): string[] => reasons.map(({ rule }) => rule);
