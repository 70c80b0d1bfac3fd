import type { EnrolmentFacts, OpenTaskFacts } from './facts.js';
import { parseInstant } from './instant.js';
import { applyOutcome } from './apply-outcome.js';
import { type TaskContext, type TaskOutcome, effectsOf } from './task-outcomes.js';

const NOW = parseInstant('2026-03-02T09:00:00Z');

const context = (overrides: Partial<TaskContext> = {}): TaskContext => ({
  now: NOW,
  zone: 'America/New_York',
  owed: { minor: 10_000, currency: 'EUR' },
  promises: [],
  enrolled: true,
  preferred: null,
  dueAt: parseInstant('2026-03-02T08:00:00Z'),
  waitUntil: parseInstant('2026-03-05T08:00:00Z'),
  pointId: null,
  ...overrides,
});

const promise: TaskOutcome = { outcome: 'promise', amount: '55.94', promisedOn: '2026-03-07' };

const refusalOf = (outcome: TaskOutcome, given = context()): [string, string] | null => {
  const result = effectsOf(outcome, given);
  return result.ok ? null : [result.refusal.reason, result.refusal.field];
};

describe('effectsOf', () => {
  it.each(['reached', 'no_answer', 'voicemail', 'third_party', 'refused', 'answered'] as const)(
    'changes nothing but the task for %s',
    (outcome) => {
      expect(effectsOf({ outcome, note: 'x' }, context())).toEqual({ ok: true, effects: [] });
    },
  );

  it.each([
    // Paid of ten that were promised, promise by promise.
    [[], null],
    [[0, 0, 0], null],
    [
      [0, 9, 0, 5],
      ['too_many_promises', 'outcome'],
    ],
    [[0, 0, 10, 0, 0, 0], null],
    [
      [0, 0, 11, 0, 0, 0, 0],
      ['too_many_promises', 'outcome'],
    ],
    [[0, 0, 0, 0, 10], null],
  ] as const)('takes no fifth promise in a row of which none was kept: %j', (paid, refusal) => {
    const promises = paid.map((each) => ({ amount: 10, paid: each }));
    expect(refusalOf(promise, context({ promises }))).toEqual(refusal);
  });

  it('holds the outreach of a promise until the promised day has ended where the customer is, over a clock change', () => {
    expect(effectsOf(promise, context())).toEqual({
      ok: true,
      effects: [
        {
          kind: 'promise',
          amount: 5_594,
          promisedOn: '2026-03-07',
          holdUntil: parseInstant('2026-03-08T05:00:00Z'),
        },
      ],
    });
  });

  it('takes a promise for today where the customer is, though it is tomorrow in UTC', () => {
    const late = context({ now: parseInstant('2026-03-08T03:00:00Z') });
    expect(refusalOf(promise, late)).toBeNull();
    const tooLate = context({ now: parseInstant('2026-03-08T05:00:00Z') });
    expect(refusalOf(promise, tooLate)).toEqual(['in_the_past', 'promisedOn']);
  });

  it('refuses a promise of more than is owed, of an amount that is none, and without an invoice', () => {
    expect(refusalOf({ ...promise, amount: '100.01' })).toEqual(['more_than_owed', 'amount']);
    expect(refusalOf({ ...promise, amount: '1.001' })).toEqual(['invalid_value', 'amount']);
    expect(refusalOf(promise, context({ owed: null }))).toEqual(['no_invoice', 'outcome']);
  });

  it('calls back at the hour asked for, and lets the ladder wait as long as for the first call', () => {
    expect(effectsOf({ outcome: 'callback', at: '2026-03-04T16:00:00+01:00' }, context())).toEqual({
      ok: true,
      effects: [
        {
          kind: 'call_again',
          dueAt: parseInstant('2026-03-04T15:00:00Z'),
          waitUntil: parseInstant('2026-03-07T15:00:00Z'),
        },
      ],
    });
    expect(refusalOf({ outcome: 'callback', at: '2026-03-02T09:00:00Z' })).toEqual(['in_the_past', 'at']);
  });

  it('does not wait for a second call when it did not wait for the first', () => {
    const result = effectsOf(
      { outcome: 'callback', at: '2026-03-04T15:00:00Z' },
      context({ waitUntil: null }),
    );
    expect(result).toMatchObject({ effects: [{ kind: 'call_again', waitUntil: null }] });
  });

  it('refuses a dispute about more than is owed and not disputed yet', () => {
    const owed = { minor: 10_000, currency: 'EUR', disputed: 6_000 };
    const dispute = (amount: string) => ({ outcome: 'dispute' as const, reason: 'damaged', amount });
    expect(refusalOf(dispute('40.01'), context({ owed }))).toEqual(['more_than_owed', 'amount']);
    expect(effectsOf(dispute('40.00'), context({ owed }))).toMatchObject({ ok: true });
  });

  it('holds a dispute and strikes out a wrong number', () => {
    expect(effectsOf({ outcome: 'dispute', reason: 'goods damaged' }, context())).toEqual({
      ok: true,
      effects: [{ kind: 'dispute', reason: 'goods damaged', amount: null }],
    });
    expect(effectsOf({ outcome: 'wrong_number' }, context())).toEqual({
      ok: true,
      effects: [{ kind: 'invalid_phone', phone: null }],
    });
  });

  it.each([
    [{ outcome: 'resend_invoice' }, null, 'answer', 'invoice-copy', 'email'],
    [{ outcome: 'resend_invoice' }, 'telegram', 'answer', 'invoice-copy', 'telegram'],
    [{ outcome: 'resend_invoice' }, 'call', 'answer', 'invoice-copy', 'email'],
    [{ outcome: 'resend_invoice', confirmBy: 'sms' }, 'email', 'answer', 'invoice-copy', 'sms'],
    [{ ...promise, confirmBy: 'email' }, null, 'confirmation', 'promise-confirmation', 'email'],
    [{ outcome: 'reached', confirmBy: 'sms' }, null, 'confirmation', 'agreement-confirmation', 'sms'],
  ] as const)('writes what %j asks for', (outcome, preferred, letter, template, medium) => {
    const result = effectsOf(outcome, context({ preferred }));
    expect(result.ok && result.effects.at(-1)).toEqual({ kind: 'letter', letter, template, medium });
  });

  it('waits a week for money that somebody says is on its way, until the day begins where they are', () => {
    expect(effectsOf({ outcome: 'already_paid' }, context())).toEqual({
      ok: true,
      effects: [{ kind: 'claim', until: parseInstant('2026-03-09T04:00:00Z') }],
    });
  });

  it('strikes out the address that a wrong person has, and needs one', () => {
    expect(effectsOf({ outcome: 'wrong_person' }, context({ pointId: 'T' }))).toEqual({
      ok: true,
      effects: [{ kind: 'wrong_person', pointId: 'T' }],
    });
    expect(refusalOf({ outcome: 'wrong_person' })).toEqual(['invalid_value', 'outcome']);
  });

  it.each(['no_answer', 'voicemail', 'third_party', 'wrong_number', 'answered'] as const)(
    'confirms nothing after %s, for nobody who owes has spoken',
    (outcome) => {
      expect(refusalOf({ outcome, confirmBy: 'email' })).toEqual(['invalid_value', 'confirmBy']);
    },
  );

  it('needs a campaign to confirm by', () => {
    expect(refusalOf({ outcome: 'resend_invoice' }, context({ enrolled: false }))).toEqual([
      'not_enrolled',
      'confirmBy',
    ]);
  });
});

const task: OpenTaskFacts = { id: 'T', stepKey: 'call', occurrence: 0, waitUntil: NOW + 1_000 };

const facts = (): EnrolmentFacts => ({
  runNo: 1,
  enrolledAt: 0,
  entry: 'gentle',
  stopped: false,
  paused: false,
  unapplied: false,
  stale: false,
  party: 'first',
  switchedOff: [],
  rulesDigest: '',
  statementDays: 1,
  resumptions: [],
  customer: {
    externalId: 'C-1',
    kind: 'company',
    country: null,
    region: null,
    zone: 'UTC',
    zoneSource: 'given',
    preferred: null,
    vip: false,
    people: [
      {
        id: 'P',
        roles: ['accounts_payable'],
        points: [
          { id: 'old', kind: 'phone', status: 'invalid' },
          { id: 'first', kind: 'phone', status: 'active' },
          { id: 'second', kind: 'phone', status: 'active' },
        ],
      },
    ],
    exposures: {},
  },
  invoice: {
    externalId: 'INV-1',
    currency: 'EUR',
    issuedOn: '2026-02-01',
    dueOn: '2026-03-01',
    status: 'open',
    parts: [{ sequence: 1, dueOn: '2026-03-01', completedAt: null, amount: 10_000, paid: 0, pending: 0 }],
  },
  holds: [],
  promises: [],
  events: [],
  approvals: [],
  plan: null,
  openTasks: [task],
  requestedAnswers: [],
  lastSent: null,
});

const after = (outcome: TaskOutcome, pointOf?: (phone: string) => string): EnrolmentFacts => {
  const changed = facts();
  applyOutcome(changed, task, outcome, NOW, pointOf);
  return changed;
};

describe('applyOutcome', () => {
  it('closes the task', () => {
    expect(after({ outcome: 'no_answer' }).openTasks).toEqual([]);
  });

  it('lets a new promise take the place of the one before', () => {
    const changed = facts();
    applyOutcome(changed, task, promise, NOW);
    applyOutcome(changed, task, { ...promise, promisedOn: '2026-03-09' }, NOW);
    expect(changed.promises).toEqual([
      { sequence: 1, madeAt: NOW, promisedOn: '2026-03-07', cancelled: true, amount: 5_594, paid: 0 },
      { sequence: 2, madeAt: NOW, promisedOn: '2026-03-09', cancelled: false, amount: 5_594, paid: 0 },
    ]);
    expect(changed.holds.map(({ kind, until }) => [kind, until])).toEqual([
      ['promise', parseInstant('2026-03-10T00:00:00Z')],
    ]);
  });

  it('strikes out the first number that is good, or the one that is named', () => {
    const statuses = (changed: EnrolmentFacts) =>
      changed.customer.people[0]?.points.map(({ status }) => status);
    expect(statuses(after({ outcome: 'wrong_number' }))).toEqual(['invalid', 'invalid', 'active']);
    const named = after({ outcome: 'wrong_number', phone: '+447700900000' }, () => 'second');
    expect(statuses(named)).toEqual(['invalid', 'active', 'invalid']);
  });

  it('holds a dispute without an end, calls back, and asks for a letter', () => {
    expect(after({ outcome: 'dispute', reason: 'x' }).holds).toMatchObject([
      { kind: 'dispute', until: null },
    ]);
    expect(after({ outcome: 'callback', at: '2026-03-03T09:00:00Z' }).openTasks).toMatchObject([
      { stepKey: 'call', occurrence: 0 },
    ]);
    expect(after({ outcome: 'resend_invoice' }).requestedAnswers).toMatchObject([{ medium: 'email' }]);
  });

  it('waits for money that is said to be paid', () => {
    expect(after({ outcome: 'already_paid' }).holds).toMatchObject([
      { kind: 'manual', until: expect.any(Number) as unknown },
    ]);
  });

  it('throws what cannot be', () => {
    expect(() => after({ ...promise, amount: '100.01' })).toThrow(
      'Invoice INV-1, promise: amount is more than is owed; write at most what is open',
    );
  });
});
