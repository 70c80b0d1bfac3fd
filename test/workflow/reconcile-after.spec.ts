import { jest } from '@jest/globals';
import { TestEngine } from '#test/support/engine.js';
import { ladder } from '#test/support/engine-organisation.js';
import { eventually } from '#test/support/eventually.js';

jest.setTimeout(60_000);

/** An installation that says itself when to look for messages that may have gone out. */
let engine: TestEngine;

beforeAll(async () => (engine = await TestEngine.start({ looksMs: [50, 50] })));
afterAll(() => engine?.close());

it('a message that may have gone out is looked for when the installation says, and settled after its last look', async () => {
  const organisation = await engine.organisation();
  const debtor = await organisation.debtor();
  const outcome = { kind: 'unknown', code: 'timeout' } as const;
  engine.outside.to(debtor.email, { outcome, delivered: false });
  await organisation.enrol(await organisation.publish(ladder(['PT1H'])), debtor);
  await eventually(async () =>
    expect(await organisation.rows('select state, resolution from contact')).toEqual([
      { state: 'unknown', resolution: 'treated_as_sent' },
    ]),
  );
});
