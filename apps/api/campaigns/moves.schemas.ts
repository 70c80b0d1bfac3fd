import { z } from 'zod';
import { instant } from '#contracts/schemas/scalars.js';
import { ENROLMENT_CHOICES } from '#engine/campaigns/moves/index.js';

const choice = z.enum(ENROLMENT_CHOICES);

export const publishQuery = z.strictObject({
  enrolments: choice.default('keep').meta({
    description:
      'What becomes of the open enrolments of older versions: they stay where they are (`keep`), move when their next ' +
      'step has been decided (`next_step`), or move at once (`now`)',
  }),
});

export const previewQuery = z.strictObject({
  enrolments: choice.default('now').meta({ description: 'The choice to look at' }),
});

export const previewResource = z
  .object({
    enrolments: z.int().meta({ description: 'Open ones of older versions' }),
    stay: z.int().meta({ description: 'Those of which nothing that is to come would change' }),
    changed: z.int(),
    changes: z.array(
      z.object({
        stepKey: z.string(),
        change: z.enum(['added', 'removed', 'skipped', 'earlier', 'later', 'never_again']).meta({
          description:
            '`skipped`: its moment has passed, it is not caught up on; `never_again`: it has reached the customer already',
        }),
        enrolments: z.int(),
        invoices: z.array(z.string()).meta({ description: 'External ids of the first of them' }),
      }),
    ),
    summary: z.string().meta({
      example: '412 enrolments: 380 stay as they are, 32 would skip step "third-notice".',
    }),
    complete: z.boolean().meta({
      description:
        'False: there are more than could be looked at in time; the numbers are of those looked at',
    }),
  })
  .meta({
    id: 'PublicationPreview',
    description: 'What a publication would change, planned from the facts of now',
  });

export const moveResource = z
  .object({
    mode: z.enum(['next_step', 'now']),
    state: z.enum(['standing', 'done', 'superseded']).meta({
      description: '`superseded`: a newer move of the campaign took its place, or the version was retired',
    }),
    found: z.int().meta({ description: 'Open enrolments of older versions when it was asked for' }),
    moved: z.int(),
    remaining: z.int().meta({ description: 'Open enrolments that are in older versions still' }),
    requestedBy: z.string(),
    requestedAt: instant,
    completedAt: instant.nullable(),
  })
  .meta({
    id: 'CampaignMove',
    description: 'How far the enrolments of older versions have moved to this one',
  });

export type PublishQuery = z.output<typeof publishQuery>;
export type PreviewQuery = z.output<typeof previewQuery>;
export type PreviewResource = z.output<typeof previewResource>;
export type MoveResource = z.output<typeof moveResource>;
