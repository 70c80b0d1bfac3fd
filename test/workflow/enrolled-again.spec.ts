import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endEnrolment } from '#engine/campaigns/end-enrolment.js';
import { executeStep } from '#engine/execute-step.js';
import { TestEngine } from '#test/support/engine.js';
import { type Debtor, ladder, type TestOrganisation } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

let engine: TestEngine;
let organisation: TestOrganisation;

beforeAll(async () => {
  engine = await TestEngine.start();
  organisation = await engine.organisation();
}, 60_000);
afterAll(() => engine?.close(), 60_000);

const HOUR = ladder(['PT1H']);

const endByHand = async (debtor: Debtor): Promise<void> => {
  const { id } = await organisation.enrolment(debtor);
  expect(await organisation.run((scope) => endEnrolment(scope, id, null))).toEqual({ kind: 'ended' });
  await organisation.atRest(debtor);
};

describe('an invoice that is enrolled again', () => {
  it('is never sent a step of the same campaign that it was sent before', async () => {
    const [versionId, debtor] = [await organisation.publish(HOUR), await organisation.debtor()];
    await organisation.enrol(versionId, debtor);
    await organisation.settled(debtor, 1);
    await organisation.atRest(debtor);
    await endByHand(debtor);
    await organisation.enrol(versionId, debtor);
    await organisation.atRest(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
    const { state, next_due_at: next } = await organisation.enrolment(debtor);
    expect([state, next !== null]).toEqual(['open', true]);
  }, 60_000);

  it('does not take the outcome of its earlier enrolment for its own', async () => {
    const [first, second] = [
      await organisation.publish(HOUR),
      await organisation.publish({ ...HOUR, name: 'Other' }),
    ];
    const debtor = await organisation.debtor();
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    engine.outside.to(
      debtor.email,
      async ({ contactId }) => {
        await released;
        return { kind: 'accepted', providerId: contactId };
      },
      { kind: 'accepted', providerId: 'second' },
    );
    await organisation.enrol(first, debtor);
    await eventually(async () => expect(await organisation.states(debtor)).toEqual(['attempting']));
    const { id } = await organisation.enrolment(debtor);
    await organisation.run((scope) => endEnrolment(scope, id, null));
    await organisation.enrol(second, debtor);
    release();
    await organisation.atRest(debtor, 30_000);
    const enrolment = await organisation.enrolment(debtor);
    expect(enrolment.id).not.toBe(id);
    expect((await organisation.states(debtor)).every((state) => state === 'accepted')).toBe(true);
  }, 60_000);
});

describe('an execution that comes back late', () => {
  it('corrects its contact and leaves the ladder alone', async () => {
    const [versionId, debtor] = [await organisation.publish(HOUR), await organisation.debtor()];
    const ref = { organisationId: organisation.id, invoiceId: debtor.invoiceId };
    engine.outside.to(debtor.email, async ({ contactId }) => {
      // While this call hangs, another execution finds the lease over, and goes on.
      await organisation.rows(
        'update contact set lease_until = now() - interval $$1 minute$$ where id = $1',
        contactId,
      );
      await executeStep(engine.deps, ref, Date.now());
      return { kind: 'accepted', providerId: contactId };
    });
    await organisation.enrol(versionId, debtor);
    await organisation.settled(debtor, 1);
    await organisation.atRest(debtor);
    expect(await organisation.states(debtor)).toEqual(['accepted']);
    expect(engine.outside.calls.filter(({ to }) => to.address === debtor.email)).toHaveLength(1);
  }, 60_000);
});

describe('the call task of an invoice', () => {
  it('is cancelled when the invoice is paid', async () => {
    const debtor = await organisation.outreach({
      ...HOUR,
      steps: [{ key: 'call', at: { anchor: 'issue_date', offset: 'PT1S' }, task: 'call' }],
    });
    const tasks = (): Promise<{ state: string }[]> =>
      organisation.rows('select state from task where invoice_id = $1', debtor.invoiceId);
    await eventually(async () => expect(await tasks()).toEqual([{ state: 'open' }]));
    await organisation.pay(debtor);
    await eventually(async () => expect(await tasks()).toEqual([{ state: 'cancelled' }]));
  }, 60_000);
});
