import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as transitions from './transitions.js';
import type { ContactState, InvoiceEvent, Machine } from './transitions.js';
import {
  contactMachine,
  enrolmentMachine,
  invoiceMachine,
  isTerminal,
  statesOf,
  transition,
} from './transitions.js';

/** Forgets which machine it is, as a row from the database does. */
const untyped = ({
  name,
  initial,
  table,
}: {
  name: string;
  initial: string;
  table: Machine['table'];
}): Machine => ({
  name,
  initial,
  table,
});
const MACHINES = [
  transitions.invoiceMachine,
  transitions.paymentMachine,
  transitions.enrolmentMachine,
  transitions.taskMachine,
  transitions.contactMachine,
  transitions.campaignVersionMachine,
].map((machine) => untyped(machine));

const anyMachine = fc.constantFrom(...MACHINES);
const anyEvent = fc.constantFrom(
  ...new Set(MACHINES.flatMap(({ table }) => Object.values(table).flatMap((events) => Object.keys(events)))),
  'constructor',
  'nonsense',
);

describe('every machine', () => {
  it('is covered here', () => {
    const exported = Object.keys(transitions).filter((name) => name.endsWith('Machine'));
    expect(MACHINES).toHaveLength(exported.length);
  });

  it('stays within its table, whatever events come, and never leaves a terminal state', () => {
    fc.assert(
      fc.property(anyMachine, fc.array(anyEvent, { maxLength: 30 }), (machine, events) => {
        let state: string = machine.initial;
        for (const event of events) {
          const result = transition(machine, state, event);
          if (!result.ok) continue;
          expect(isTerminal(machine, state)).toBe(false);
          expect(statesOf(machine)).toContain(result.to);
          state = result.to;
        }
      }),
    );
  });

  it('can reach each of its states', () => {
    for (const machine of MACHINES) {
      const reached = new Set<string>([machine.initial]);
      for (const state of reached) for (const to of Object.values(machine.table[state]!)) reached.add(to);
      expect([...reached].sort()).toEqual([...statesOf(machine)].sort());
    }
  });
});

describe('transition', () => {
  it('reopens a settled invoice and restarts an ended enrolment', () => {
    expect(transition(invoiceMachine, 'settled', 'reopen')).toEqual({ ok: true, to: 'open' });
    expect(transition(enrolmentMachine, 'ended', 'restart')).toEqual({ ok: true, to: 'open' });
  });

  it('says what a refused event could have been', () => {
    expect(transition(invoiceMachine, 'written_off', 'settle')).toEqual({
      ok: false,
      reason: 'invoice cannot settle: it is written_off, which allows only reinstate',
    });
    expect(transition(invoiceMachine, 'cancelled', 'reopen')).toEqual({
      ok: false,
      reason: 'invoice cannot reopen: it is cancelled, which allows nothing more',
    });
  });

  it('refuses a state that a stored row should not have', () => {
    const state: string = 'toString';
    expect(transition(untyped(invoiceMachine), state, 'settle')).toMatchObject({ ok: false });
  });

  it('settles an unknown contact by evidence, or by the policy that lets it be sent again', () => {
    const outcomes = Object.keys(contactMachine.table.unknown);
    expect(outcomes.sort()).toEqual(['accepted', 'not_reached', 'rejected']);
  });

  it('types states and events by machine', () => {
    const state: ContactState = 'not_reached';
    const event: InvoiceEvent = 'write_off';
    // @ts-expect-error a contact's state is no invoice's
    transition(invoiceMachine, state, event);
    // @ts-expect-error no machine knows this event
    transition(invoiceMachine, 'open', 'explode');
    expect(isTerminal(contactMachine, state)).toBe(true);
  });
});
