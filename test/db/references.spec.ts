import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { Invoice, InvoicePart } from '#store/entities/index.js';
import { withOrganisation } from '#store/with-organisation.js';
import { fillEveryTable } from './rows.js';
import { createOrganisation, openTestStore } from './store.js';
import type { TestStore } from './store.js';

const FOREIGN_KEY = { driverError: { code: '23503' } };
const UNIQUE = { driverError: { code: '23505', constraint: 'task_step_open' } };

let store: TestStore;
let organisationId: string;

beforeAll(async () => {
  store = await openTestStore();
  organisationId = await createOrganisation(store.system);
  await run((manager) => fillEveryTable(manager, organisationId));
});
afterAll(() => store.close());

const run = <T>(work: (manager: EntityManager) => Promise<T>): Promise<T> =>
  withOrganisation(store.app, organisationId, work);

describe('a row that refers to a whole and to a part of it', () => {
  it('cannot be an allocation to a part of another invoice', async () => {
    const allocate = run(async (manager) => {
      const { id: _id, ...first } = await manager.findOneByOrFail(Invoice, { organisationId });
      const second = await manager.save(manager.create(Invoice, { ...first, externalId: 'second' }));
      const part = await manager.save(
        manager.create(InvoicePart, {
          organisationId,
          invoiceId: second.id,
          sequence: 1,
          amountMinor: 1,
          dueOn: '2026-03-29',
        }),
      );
      await manager.query(
        `insert into allocation (organisation_id, payment_id, invoice_id, part_id, amount_minor, effective_at)
         select organisation_id, payment_id, invoice_id, $2, 1, effective_at from allocation
         where organisation_id = $1`,
        [organisationId, part.id],
      );
    });
    await expect(allocate).rejects.toMatchObject(FOREIGN_KEY);
  });

  it('cannot be an enrolment in a version of another campaign', async () => {
    const move = run((manager) =>
      manager.query(
        `with other as (
           insert into campaign (organisation_id, external_id, name) values ($1, 'other', 'Other') returning id
         )
         update enrolment set campaign_id = other.id from other where organisation_id = $1`,
        [organisationId],
      ),
    );
    await expect(move).rejects.toMatchObject(FOREIGN_KEY);
  });
});

describe('the open task of a step', () => {
  const again = (state: 'open' | 'cancelled', stepKey: string | null) =>
    run((manager) =>
      manager.query(
        `insert into task (organisation_id, kind, customer_id, enrolment_id, step_key, occurrence, state, due_at)
         select organisation_id, 'follow_up', customer_id, id, $3, case when $3::text is not null then 1 end, $2, now()
         from enrolment where organisation_id = $1`,
        [organisationId, state, stepKey],
      ),
    );

  it('is one at a time', async () => {
    await again('open', 's');
    await expect(again('open', 's')).rejects.toMatchObject(UNIQUE);
  });

  it('leaves room for those that are closed, of other steps or of none', async () => {
    await again('cancelled', 's');
    await again('open', 'another');
    await again('open', null);
    await again('open', null);
  });
});
