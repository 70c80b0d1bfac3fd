import fc from 'fast-check';
import type { CampaignDocument, CampaignInput } from '#domain/campaign/document.js';
import { ANCHORS, SEND_TARGETS, TRIGGERS } from '#domain/campaign/document.js';
import { validateCampaign } from '#domain/campaign/validate.js';
import { campaignOf, type StepInput } from '#domain/facts.factory.js';

/** Random ladders for property tests. */

const some = fc.constantFrom;
const ANCHORS_THAT_REPEAT = ['issue_date', 'due_date', 'previous_step'];

const offset = fc.oneof(
  fc.integer({ min: -40, max: 60 }).map((days) => `${days < 0 ? '-' : ''}P${Math.abs(days)}D`),
  some('PT5S', 'PT1H', 'PT20H', '-PT30H', 'P1W', 'P1M', '-P1M'),
);
const time = some('00:00', '02:30', '09:30', '10:00', '17:45', '23:59');

const timing = fc.record(
  {
    anchor: fc.oneof({ weight: 4, arbitrary: some('due_date' as const) }, some(...ANCHORS)),
    offset,
    time,
    businessDays: fc.boolean(),
    roll: some('next' as const, 'previous' as const),
  },
  { requiredKeys: ['anchor', 'offset'] },
);

const extras = fc.record(
  {
    repeat: fc.record(
      {
        every: some('P1D', 'P7D', 'P1M', 'PT6H', 'PT5S'),
        max: fc.integer({ min: 1, max: 6 }),
        until: some('P3D', 'P2M'),
      },
      { requiredKeys: ['every', 'max'] },
    ),
    validFor: some('PT4H', 'P1D', 'P10D'),
    onlyIf: some<NonNullable<StepInput['onlyIf']>[]>(
      { balanceAtLeast: '60.00' },
      { customerKind: 'company' },
      { countries: ['DE'] },
    ),
  },
  { requiredKeys: [] },
);

const content = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .uniqueArray(some(...SEND_TARGETS), { minLength: 1, maxLength: 3 })
      .map((send) => ({ send, template: 'overdue' })),
  },
  some('P1D', 'P3D').map((waitFor) => ({ task: 'call' as const, waitFor })),
);

const step = fc
  .tuple(
    fc.oneof(
      { weight: 6, arbitrary: timing.map((at) => ({ at })) },
      some(...TRIGGERS).map((on) => ({ on })),
    ),
    content,
    extras,
  )
  .map(([when, what, more]) => {
    const mayRepeat = 'at' in when && ANCHORS_THAT_REPEAT.includes(when.at.anchor);
    return { ...when, ...what, ...more, repeat: mayRepeat ? more.repeat : undefined };
  });

/** A valid campaign of one to so many steps of every kind; what would be invalid is left out. */
export const ladders = (
  maxLength = 6,
  overrides: Partial<CampaignInput> = {},
): fc.Arbitrary<CampaignDocument> =>
  fc
    .tuple(
      fc.array(step, { minLength: 1, maxLength }),
      some('gentle', 'by_age', 'skip'),
      some('task', 'nothing'),
    )
    .map(([steps, entry, whenExhausted]) => {
      const more = { entry, whenExhausted, ...overrides } as const;
      const good = steps.reduce<StepInput[]>((taken, each, i) => {
        const next = [...taken, { ...each, key: `s${i}` }];
        return validateCampaign({ kindly: 1, policy: 'none', name: 'Random', steps: next, ...more }).ok
          ? next
          : taken;
      }, []);
      const sure: StepInput = {
        key: 'sure',
        at: { anchor: 'due_date' },
        send: ['email'],
        template: 'overdue',
      };
      return campaignOf(good.length > 0 ? good : [sure], more);
    });
