/**
 * Every state that a thing of the domain can be in, and every change between them: the one table that API, engine
 * and database agree on. A state without events is terminal.
 */

/** State → event → next state. */
type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A closed set of states: every event of the table leads to a state of the table. */
export interface Machine<T extends Table = Table> {
  /** The word for the thing, as messages use it. */
  name: string;
  initial: StateOf<T>;
  table: T;
}

type StateOf<T extends Table> = keyof T & string;
type EventOf<T extends Table> = { [S in keyof T]: keyof T[S] & string }[keyof T];

/** The states of a machine: `State<typeof invoiceMachine>`. */
export type State<M> = M extends Machine<infer T> ? StateOf<T> : never;
/** The events of a machine. */
export type Event<M> = M extends Machine<infer T> ? EventOf<T> : never;

export type TransitionResult<S> = { ok: true; to: S } | { ok: false; reason: string };

/** Compiles only if every event leads to a state of the same table. */
function machine<
  const T extends Readonly<Record<string, Readonly<Record<string, NoInfer<keyof T & string>>>>>,
>(name: string, initial: NoInfer<keyof T & string>, table: T): Machine<T> {
  return { name, initial, table };
}

/** `reopen`: an allocation was reversed. A cancelled invoice stays so; its replacement is another invoice. */
export const invoiceMachine = machine('invoice', 'open', {
  open: { settle: 'settled', cancel: 'cancelled', write_off: 'written_off' },
  settled: { reopen: 'open' },
  written_off: { reinstate: 'open' },
  cancelled: {},
});

/** `reverse`: a pending payment failed, or a posted one was charged back. */
export const paymentMachine = machine('payment', 'pending', {
  pending: { post: 'posted', reverse: 'reversed' },
  posted: { reverse: 'reversed' },
  reversed: {},
});

/** Why it ended is stored beside the state. `restart` raises its `run_no`. */
export const enrolmentMachine = machine('enrolment', 'open', {
  open: { end: 'ended' },
  ended: { restart: 'open' },
});

export const taskMachine = machine('task', 'open', {
  open: { complete: 'done', expire: 'expired', cancel: 'cancelled' },
  done: {},
  expired: {},
  cancelled: {},
});

/**
 * Events are the outcomes of a provider call. `unknown` is settled by a receipt or a look-up; only where a medium's
 * policy allows it, and nothing was found, does another call follow (`not_reached`); after `not_reached` or `throttled` another contact may follow, this one is over.
 */
export const contactMachine = machine('contact', 'attempting', {
  attempting: {
    accepted: 'accepted',
    rejected: 'rejected',
    not_reached: 'not_reached',
    throttled: 'throttled',
    unknown: 'unknown',
  },
  unknown: { accepted: 'accepted', rejected: 'rejected', not_reached: 'not_reached' },
  accepted: {},
  rejected: {},
  not_reached: {},
  throttled: {},
});

/** A published version is immutable; a retired one takes no new enrolments. */
export const campaignVersionMachine = machine('campaign version', 'draft', {
  draft: { publish: 'published' },
  published: { retire: 'retired' },
  retired: {},
});

export type InvoiceState = State<typeof invoiceMachine>;
export type InvoiceEvent = Event<typeof invoiceMachine>;
export type PaymentState = State<typeof paymentMachine>;
export type PaymentEvent = Event<typeof paymentMachine>;
export type EnrolmentState = State<typeof enrolmentMachine>;
export type EnrolmentEvent = Event<typeof enrolmentMachine>;
export type TaskState = State<typeof taskMachine>;
export type TaskEvent = Event<typeof taskMachine>;
export type ContactState = State<typeof contactMachine>;
export type ContactEvent = Event<typeof contactMachine>;
export type CampaignVersionState = State<typeof campaignVersionMachine>;
export type CampaignVersionEvent = Event<typeof campaignVersionMachine>;

/** Checks an event against a machine's table; a refusal says which events the state allows. */
export function transition<T extends Table>(
  { name, table }: Machine<T>,
  from: StateOf<T>,
  event: EventOf<T>,
): TransitionResult<StateOf<T>> {
  const events = Object.hasOwn(table, from) ? table[from] : undefined;
  if (!events)
    return { ok: false, reason: `"${from}" is no state of a ${name}; use ${Object.keys(table).join(', ')}` };
  const to = Object.hasOwn(events, event) ? events[event] : undefined;
  if (to !== undefined) return { ok: true, to };
  const allowed = Object.keys(events);
  const hint = allowed.length > 0 ? `only ${allowed.join(', ')}` : 'nothing more';
  return { ok: false, reason: `${name} cannot ${event}: it is ${from}, which allows ${hint}` };
}

/** Whether no event leads out of a state. */
export const isTerminal = <T extends Table>({ table }: Machine<T>, state: StateOf<T>): boolean =>
  Object.keys(table[state] ?? {}).length === 0;

/** The states of a machine, for column checks and API schemas. */
export const statesOf = <T extends Table>({ table }: Machine<T>): StateOf<T>[] => Object.keys(table);
