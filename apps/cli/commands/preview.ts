import { loadPublicHolidays } from '#domain/holidays.js';
import { holidayCalendar, type WorkingCalendar } from '#domain/working-days.js';
import { saveDraft } from '#engine/campaigns/index.js';
import { MovePreview, previewChunk, previewTarget } from '#engine/campaigns/moves/index.js';
import { type Scope, withScope } from '#engine/scope.js';
import { findOrganisation } from '../find-organisation.js';
import { openServices } from '../running-services.js';
import { readCampaign } from '../scenario-files.js';
import { UserError } from '../user-error.js';

export interface PreviewOptions {
  organisation: string;
  /** External id. */
  campaign: string;
  enrolments: string;
  json?: boolean;
}

const CHUNK = 200;

/** Says what publishing a file would change for who is enrolled in the campaign now. Keeps nothing. */
export async function preview(file: string, options: PreviewOptions): Promise<void> {
  const choice = CHOICES.find((each) => each === options.enrolments);
  if (!choice)
    throw new UserError(`"${options.enrolments}" is no choice; write one of ${CHOICES.join(', ')}.`);
  const document = await readCampaign(file, { ownTemplates: true });
  const services = await openServices('preview');
  try {
    const organisationId = await findOrganisation(services.system, options.organisation);
    const calendar = holidayCalendar(await loadPublicHolidays());
    const found = await withoutTrace<MovePreview>((undo) =>
      withScope(services.app, organisationId, 'command line', async (scope) => {
        const campaign = options.campaign.replace(/^ext:/, '');
        await assertThere(scope, campaign);
        const { campaignId, number } = await saveDraft(scope, campaign, document);
        undo(await lookAt(scope, calendar, campaignId, number, choice));
      }),
    );
    print(found, options.json);
  } finally {
    await services.stop();
  }
}

async function assertThere({ manager, organisationId }: Scope, campaign: string): Promise<void> {
  const rows = await manager.query<{ external_id: string }[]>(
    'select external_id from campaign where organisation_id = $1 order by external_id',
    [organisationId],
  );
  if (rows.some((row) => row.external_id === campaign)) return;
  const there = rows.map((row) => row.external_id).join(', ') || 'none yet';
  throw new UserError(`There is no campaign "${campaign}". There are: ${there}.`);
}

const CHOICES = ['now', 'next_step'] as const;

async function lookAt(
  scope: Scope,
  calendar: WorkingCalendar,
  campaignId: string,
  number: number,
  choice: (typeof CHOICES)[number],
): Promise<MovePreview> {
  const target = await previewTarget(scope, campaignId, number);
  if (!target) throw new Error('A draft that was just saved is not there.');
  const found = new MovePreview(target.document);
  let after: string | null = null;
  do {
    after = await previewChunk(scope, calendar, target, { choice, after, limit: CHUNK }, found);
    if (after !== null) console.error(`${found.enrolments} enrolments looked at…`);
  } while (after !== null);
  return found;
}

class Undo<T> {
  constructor(readonly value: T) {}
}

/** Runs a transaction that is taken back, and gives what was found in it. */
async function withoutTrace<T>(work: (undo: (value: T) => never) => Promise<void>): Promise<T> {
  try {
    await work((value) => {
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- no failure, and not to be taken for one
      throw new Undo(value);
    });
  } catch (thrown) {
    if (thrown instanceof Undo) return thrown.value as T;
    throw thrown;
  }
  throw new Error('Nothing was found.');
}

function print(found: MovePreview, json: boolean | undefined): void {
  const { enrolments, changed } = found;
  const changes = found.changes();
  if (json)
    return console.log(
      JSON.stringify({ enrolments, stay: enrolments - changed, changed, changes, summary: found.summary() }),
    );
  console.log(found.summary());
  for (const { change, stepKey, enrolments: count, invoices } of changes)
    console.log(
      `  ${stepKey} ${change.replaceAll('_', ' ')}: ${count} (${invoices.join(', ')}${count > invoices.length ? ', …' : ''})`,
    );
}
