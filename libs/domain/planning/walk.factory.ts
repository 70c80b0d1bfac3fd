import { type CampaignDocument, templatesOf } from '#domain/campaign/document.js';
import type { DeliveryState } from '#domain/delivery.js';
import type { EnrolmentFacts } from '#domain/facts.js';
import type { Instant } from '#domain/instant.js';
import { addToInstant, localDateOf, localTimeOf } from '#domain/local-time.js';
import { parseDuration } from '#domain/duration.js';
import { local } from '#domain/facts.factory.js';
import { weekendCalendar, type WorkingCalendar } from '#domain/working-days.js';
import { type Cursor, initialCursor, runNoOf } from './cursor.js';
import { afterOutcome, afterTask, type StepOutcome } from './outcome.js';
import { type Action, type EndReason, plan, type Plan, type StepRef, wakesAt } from './plan.js';

export type Provider = (action: Extract<Action, { kind: 'send' }>, now: Instant) => StepOutcome;

export interface Decision {
  at: Instant;
  run: number;
  step: string;
  occurrence: number;
  dueAt: Instant;
  /** Of what went out; Infinity for all else. */
  deadline: Instant;
  how: 'sent' | 'task' | 'suppressed';
  /** Medium or reason. */
  by: string;
}

/**
 * Walks one enrolment through time for specs, as workflow and executor do: plans, waits, acts, plans again. Its log
 * reads in the customer's local time: `2026-03-28 10:00 heads-up email`.
 */
export class Walk {
  cursor: Cursor = initialCursor();
  now: Instant;
  readonly log: string[] = [];
  readonly decisions: Decision[] = [];
  /** Steps that were recorded as kept back, in the order of the record: `2026-04-01 10:00 overdue On hold: dispute.` */
  readonly deferrals: string[] = [];
  ended: EndReason | null = null;
  /** When it will wake next, seen from now. */
  waitsUntil: Instant | null = null;

  constructor(
    public facts: EnrolmentFacts,
    private readonly document: CampaignDocument,
    private readonly provider: Provider = () => ({ kind: 'accepted' }),
    private readonly calendar: WorkingCalendar = weekendCalendar,
  ) {
    this.now = facts.enrolledAt;
  }

  /** Runs until this moment, wall-clock text of the customer's zone or an instant; without one, as far as it goes. */
  until(moment: string | Instant = Infinity): this {
    const end = this.instant(moment);
    for (;;) {
      this.settle();
      if (this.waitsUntil === null || this.waitsUntil > end) break;
      this.now = this.waitsUntil;
    }
    if (end < Infinity) this.now = end;
    return this;
  }

  /** Nobody plans until this moment: an outage. */
  down(moment: string | Instant): this {
    this.now = this.instant(moment);
    return this;
  }

  /** Facts change at the present moment; planned at once. */
  change(change: Partial<EnrolmentFacts>): this {
    this.facts = { ...this.facts, ...change };
    this.ended = null;
    this.settle();
    return this;
  }

  private instant(moment: string | Instant): Instant {
    return typeof moment === 'string' ? local(moment, this.facts.customer.zone) : moment;
  }

  private settle(): void {
    for (let rounds = 0; ; rounds += 1) {
      if (rounds > 500) throw new Error('The plan does not come to rest.');
      const planned = plan(this.facts, this.document, this.cursor, this.now, this.calendar);
      this.takeOver(planned);
      if (planned.next.kind !== 'act') return this.rest(planned);
      this.act(planned.next.action);
    }
  }

  private rest({ next, putOff }: Plan): void {
    const wakes = [next.kind === 'wait' ? wakesAt(next) : null, putOff?.at ?? null];
    this.waitsUntil = wakes.filter((at) => at !== null).sort((one, other) => one - other)[0] ?? null;
    this.ended = next.kind === 'finished' ? next.reason : null;
  }

  private takeOver({ skips, deferrals, expiredTasks, cursor }: Plan): void {
    for (const { stepKey, reasons } of deferrals)
      this.deferrals.push(this.line(`${stepKey} ${reasons.map(({ text }) => text).join(' ')}`));
    for (const skip of skips)
      this.decide({ runNo: runNoOf(this.facts.runNo, cursor), ...skip }, 'suppressed', skip.reason);
    const runNo = runNoOf(this.facts.runNo, cursor);
    if (runNo !== this.facts.runNo) this.facts = { ...this.facts, runNo, lastSent: null };
    this.cursor = cursor;
    this.closeTasks(expiredTasks);
  }

  /** Somebody answers, at the present moment, whether the step may go out; planned at once. */
  answer(isApproved: boolean): this {
    const [task] = this.facts.openTasks.filter((each) => each.approves);
    if (!task) throw new Error('Nobody is asked.');
    const { stepKey, occurrence } = task;
    this.closeTasks([task.id]);
    return this.change({
      approvals: [
        ...this.facts.approvals,
        { stepKey, occurrence, isApproved, templates: task.approves ?? [], at: this.now },
      ],
    });
  }

  closeTasks(ids: readonly string[]): void {
    const openTasks = this.facts.openTasks.filter(({ id }) => !ids.includes(id));
    this.facts = { ...this.facts, openTasks };
  }

  private act(action: Action): void {
    switch (action.kind) {
      case 'send':
        return this.send(action);
      case 'task':
        return this.makeTask(action);
      case 'approval': {
        const { stepKey, occurrence, waitUntil } = action;
        const task = {
          id: `${stepKey}#${occurrence}?`,
          stepKey,
          occurrence,
          waitUntil,
          approves: templatesOf(action.step),
        };
        this.facts = { ...this.facts, openTasks: [...this.facts.openTasks, task] };
        return this.write(`${stepKey} approval`);
      }
      case 'follow_up':
        this.write(action.task);
        this.cursor = { ...this.cursor, exhausted: true };
        return;
      case 'answer': {
        this.write(`answer ${action.requestId} ${action.medium}`);
        const requestedAnswers = this.facts.requestedAnswers.filter(({ id }) => id !== action.requestId);
        this.facts = { ...this.facts, requestedAnswers };
      }
    }
  }

  private send(action: Extract<Action, { kind: 'send' }>): void {
    const outcome = this.provider(action, this.now);
    if (outcome.kind === 'accepted' || outcome.kind === 'unknown') this.decide(action, 'sent', action.medium);
    else this.write(`${action.stepKey} ${action.medium} ${outcome.kind}`);
    this.cursor = afterOutcome(this.cursor, action, action.medium, outcome, this.now);
    if (outcome.kind === 'deferred') return;
    const { stepKey, occurrence, dueAt, medium } = action;
    const lastSent = { stepKey, occurrence, dueAt, medium, state: outcome.kind, delivery: null };
    this.facts = { ...this.facts, lastSent };
  }

  /** A receipt of the last message comes in at the present moment; planned at once. */
  receipt(delivery: DeliveryState): this {
    const { lastSent } = this.facts;
    if (!lastSent) throw new Error('Nothing was sent.');
    return this.change({ lastSent: { ...lastSent, delivery } });
  }

  private makeTask(action: Extract<Action, { kind: 'task' }>): void {
    const { stepKey, occurrence, step } = action;
    const wait = parseDuration(step.waitFor ?? 'P3D');
    const waitUntil = addToInstant(this.now, wait, this.facts.customer.zone);
    const task = { id: `${stepKey}#${occurrence}`, stepKey, occurrence, waitUntil };
    this.facts = { ...this.facts, openTasks: [...this.facts.openTasks, task] };
    this.decide(action, 'task', 'call');
    this.cursor = afterTask(this.cursor, action, this.now);
  }

  private decide(
    ref: StepRef & { deadline?: Instant; runNo?: number },
    how: Decision['how'],
    by: string,
  ): void {
    const { stepKey, occurrence, dueAt, deadline = Infinity, runNo = this.facts.runNo } = ref;
    this.decisions.push({ at: this.now, run: runNo, step: stepKey, occurrence, dueAt, deadline, how, by });
    this.write(`${stepKey} ${by}`);
  }

  private write(text: string): void {
    this.log.push(this.line(text));
  }

  private line(text: string): string {
    const { zone } = this.facts.customer;
    return `${localDateOf(this.now, zone)} ${localTimeOf(this.now, zone)} ${text}`;
  }
}
