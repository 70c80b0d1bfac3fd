import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliRun, runCli } from '#test/support/cli.js';
import { LADDER, openWorld, type World } from './campaigns-world.js';

let world: World;
let directory: string;

beforeAll(async () => {
  world = await openWorld();
  await world.publishCampaign('standard');
  directory = await mkdtemp(join(tmpdir(), 'kindly-cli-'));
  for (let n = 1; n <= 8; n += 1) await world.invoice(`O-${n}`);
  await world.enrol('O-1', 'standard');
  await world.enrol('O-2', 'standard');
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await world.close();
});

const run = (...args: string[]): Promise<CliRun> =>
  runCli(world.api, ...args, '--organisation', world.organisation.id);

const file = async (name: string, text: string): Promise<string> => {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
};

const listOf = (...ids: string[]): string =>
  ['externalId,open,currency', ...ids.map((id) => `${id},558.90,EUR`)].join('\n');

const statusOf = async (id: string): Promise<string> =>
  (await world.admin.get<{ status: string }>(`/v1/invoices/ext:${id}`)).body.status;

describe('import open-items', () => {
  it('tells what is missing and applies nothing when that is too much, until it is forced', async () => {
    const path = await file('short.csv', listOf('O-1', 'O-2'));
    const alarmed = await run('import', 'open-items', path);
    expect(alarmed).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('settled: O-3, O-4') as string,
    });
    expect(alarmed.stderr).toContain(
      '6 of 8 open invoices are missing in the list, and 5 may be; nothing was applied.',
    );
    expect(await statusOf('O-3')).toBe('open');
    const dry = await run('import', 'open-items', path, '--force', '--dry-run');
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        'Dry run, nothing kept. Of 8 open invoices 6 would be settled',
      ) as string,
    });
    expect(await statusOf('O-3')).toBe('open');
    const forced = await run('import', 'open-items', path, '--force', '--json');
    expect(forced.code).toBe(0);
    expect(JSON.parse(forced.stdout)).toMatchObject({
      open: 8,
      closed: ['O-3', 'O-4', 'O-5', 'O-6', 'O-7', 'O-8'],
    });
    expect(await statusOf('O-3')).toBe('settled');
  });

  it('leaves alone what was issued after it was true', async () => {
    await world.invoice('LATE', { issuedOn: '2013-01-21', dueOn: '2013-02-21' });
    const path = await file('old.csv', listOf('O-1', 'O-2'));
    const dry = await run('import', 'open-items', path, '--dry-run', '--json');
    expect(JSON.parse(dry.stdout)).toMatchObject({ open: 2, closed: [] });
  });

  it('applies nothing of a list that cannot be read whole, and says where', async () => {
    const path = await file('bad.csv', `${listOf('O-1')}\nO-2,much,EUR`);
    const { code, stderr } = await run('import', 'open-items', path);
    expect(code).toBe(1);
    expect(stderr).toMatch(/bad\.csv:3: open "much" is no amount/);
    expect(stderr).toContain('nothing was applied');
    expect(await statusOf('O-2')).toBe('open');
  });

  it.each([
    ['--max-drop', 'much', 'is no share; write a whole number from 0 to 100'],
    ['--as-of', 'today', 'is no instant; write it like'],
    ['--as-of', '2999-01-01T00:00:00Z', 'lies in the future'],
    ['--creditor', 'nobody', 'creditor'],
  ])('refuses %s %s', async (option, value, message) => {
    const path = await file('list.csv', listOf('O-1', 'O-2'));
    const { code, stderr } = await run('import', 'open-items', path, option, value);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe('preview', () => {
  it('says what publishing a file would change, and keeps nothing', async () => {
    const path = await file('next.yaml', LADDER.replace('offset: P14D', 'offset: P20D'));
    const { code, stdout } = await run('preview', path, '--campaign', 'standard');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^2 enrolments: 0 stay as they are, 2 would get step "call" later\.\n {2}call later: 2 \(O-1, O-2\)\n$/,
      ),
    ]);
    const campaign = await world.admin.get('/v1/campaigns/ext:standard');
    expect(campaign.body).toMatchObject({ publishedNumber: 1, draftNumber: null });
  });

  it('refuses a campaign that there is none of, and takes its name as a path has it', async () => {
    const path = await file(
      'letters.yaml',
      LADDER.replace('template: heads-up', 'template: a-letter-of-ours'),
    );
    const { code, stderr } = await run('preview', path, '--campaign', 'nope');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining('There is no campaign "nope". There are: standard.'),
    ]);
    expect((await run('preview', path, '--campaign', 'ext:standard')).stdout).toMatch(
      /^2 enrolments: 2 stay/,
    );
  });

  it('refuses a choice that there is none of, and a file that is no campaign', async () => {
    const path = await file('same.yaml', LADDER);
    expect((await run('preview', path, '--campaign', 'standard', '--enrolments', 'soon')).stderr).toContain(
      '"soon" is no choice; write one of now, next_step.',
    );
    const bad = await file('bad.yaml', LADDER.replace('-P3D', 'soon'));
    expect((await run('preview', bad, '--campaign', 'standard')).stderr).toContain('bad.yaml:7');
  });
});
