import { applyWaitingOf, Setbacks } from '#engine/apply-waiting.js';
import { type World, anotherOrganisation, openWorld } from './facts-world.js';
import { received, store } from './inbound-world.js';
import type { TestStore } from './store.js';

const A_BATCH = 50;

let database: TestStore;
let world: World;

beforeAll(async () => {
  ({ store: database } = await openWorld());
});
afterAll(() => database.close());
beforeEach(async () => {
  world = await anotherOrganisation(database);
});

const messages = (text: string, count: number) =>
  store(
    world,
    Array.from({ length: count }, (_, index) =>
      received(world, {
        text: `${text} ${String(index)}`,
        effectiveAt: (text === 'bad' ? 0 : 1_000) + index,
      }),
    ),
  );

const round = (setbacks: Setbacks): Promise<number> =>
  applyWaitingOf(
    {
      table: 'inbound_message',
      subject: 'id',
      order: 'min(effective_at), id',
      apply: async ({ manager }, id) => {
        const [row] = await manager.query<{ body: string }[]>(
          'select body from inbound_message where id = $1',
          [id],
        );
        if (row?.body.startsWith('bad')) throw new Error('It cannot be applied.');
        await manager.query('update inbound_message set applied_at = now() where id = $1', [id]);
      },
    },
    { dataSource: database.app, system: database.system, setbacks },
  );

const waiting = () =>
  world.rows<{ body: string }>('select body from inbound_message where applied_at is null order by body');

describe('what waits to be applied', () => {
  it('is not held up by as much as a round takes that can never be', async () => {
    await messages('bad', A_BATCH);
    await messages('good', 3);
    let now = 0;
    const pauses: number[] = [];
    const setbacks = new Setbacks(
      (_, pause) => pauses.push(pause),
      () => now,
    );
    expect(await round(setbacks)).toBe(A_BATCH);
    expect(await waiting()).toHaveLength(A_BATCH + 3);
    expect(await round(setbacks)).toBe(3);
    expect(await waiting()).toHaveLength(A_BATCH);
    expect(await round(setbacks)).toBe(0);
    now += 1_000;
    expect(await round(setbacks)).toBe(A_BATCH);
    expect(new Set(pauses)).toEqual(new Set([1_000, 2_000]));
  });
});
