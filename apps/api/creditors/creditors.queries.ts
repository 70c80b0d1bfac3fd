import type { CreditorResource } from '#contracts/schemas/index.js';
import type { Scope } from '#engine/scope.js';
import { instantText } from '../common/instant-text.js';
import { listPage } from '../common/pagination.js';
import type { Page, PageQuery } from '../common/pagination.js';

interface CreditorRow {
  id: string;
  external_id: string;
  name: string;
  party: CreditorResource['party'];
  vat_id: string | null;
  address: string | null;
  website: string | null;
  phone: string;
  email: string;
  bank_accounts: CreditorResource['bankAccounts'];
  brand: CreditorResource['brand'];
  senders: CreditorResource['senders'];
  mail: CreditorResource['mail'];
  payment_link: string | null;
  locale: string;
  recorded_at: Date;
}

const COLUMNS = `id, external_id, name, party, vat_id, address, website, phone, email, bank_accounts, brand, senders,
  mail, payment_link, locale, recorded_at`;

const view = (row: CreditorRow): CreditorResource => ({
  id: row.id,
  externalId: row.external_id,
  name: row.name,
  party: row.party,
  vatId: row.vat_id,
  address: row.address,
  website: row.website,
  phone: row.phone,
  email: row.email,
  bankAccounts: row.bank_accounts,
  brand: row.brand,
  senders: row.senders,
  mail: row.mail,
  paymentLink: row.payment_link,
  locale: row.locale,
  recordedAt: instantText(row.recorded_at),
});

export const getCreditor = async (scope: Scope, id: string): Promise<CreditorResource> => {
  const [row] = await scope.manager.query<CreditorRow[]>(
    `select ${COLUMNS} from creditor where organisation_id = $1 and id = $2`,
    [scope.organisationId, id],
  );
  if (!row) throw new Error(`Creditor ${id} is gone.`);
  return view(row);
};

export const listCreditors = (scope: Scope, page: PageQuery): Promise<Page<CreditorResource>> =>
  listPage<CreditorRow, CreditorResource>(
    scope,
    {
      columns: COLUMNS,
      from: 'creditor',
      where: [['organisation_id = ?', scope.organisationId]],
      sort: { by: 'recorded_at', type: 'timestamptz' },
      id: 'id',
      view,
    },
    page,
  );
