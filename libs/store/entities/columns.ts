import { Check, Column, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { ObjectType, RelationOptions } from 'typeorm';

/** The tenant, first in the primary key of every tenant table. */
export const OrganisationId = (): PropertyDecorator => PrimaryColumn('uuid');

/** A version 7 uuid, made by the database: it grows with time, so the index grows at one end. */
export const Id = (): PropertyDecorator => PrimaryColumn('uuid', { default: () => 'uuidv7()' });

/** When Kindly learnt it; the other time of a fact, `effectiveAt`, is when it is true. Always the database's clock. */
export const RecordedAt = (): PropertyDecorator => Column('timestamptz', { default: () => 'now()' });

/** Lets the column hold these values only, by the constraint that PostgreSQL names after table and column. */
export const OneOf = (
  table: string,
  column: string,
  values: readonly string[],
): ClassDecorator & PropertyDecorator =>
  Check(`${table}_${column}_check`, `${column} in (${values.map((value) => `'${value}'`).join(', ')})`);

// A relation is there to join by. What is stored is its plain columns: setting a composite relation to null would
// otherwise null the organisation as well.
const RELATION = { persistence: false } as const;

type Target = () => ObjectType<object>;

/** The reference to the tenant itself, of tables that hang on nothing else. */
export const BelongsToOrganisation =
  (organisation: Target): PropertyDecorator =>
  (prototype, property) => {
    ManyToOne(organisation, { ...RELATION, onDelete: 'CASCADE' })(prototype, property);
    JoinColumn({ name: 'organisation_id', referencedColumnName: 'id' })(prototype, property);
  };

/**
 * A reference to another row of the same organisation; its foreign key holds the organisation too.
 * @param column the column beside `organisation_id`, as `customer_id`
 */
export const BelongsTo =
  (target: Target, column: string, options: Pick<RelationOptions, 'onDelete'> = {}): PropertyDecorator =>
  (prototype, property) => {
    ManyToOne(target, { ...RELATION, ...options })(prototype, property);
    JoinColumn([
      { name: 'organisation_id', referencedColumnName: 'organisationId' },
      { name: column, referencedColumnName: 'id' },
    ])(prototype, property);
  };

/**
 * A reference to a part of a whole that the row refers to as well; its foreign key holds both, so that they agree.
 * @param column the column of the part, as `part_id`
 * @param whole the column of the whole, as `invoice_id`, and the property that the part has it as
 */
export const BelongsToWithin =
  (target: Target, column: string, whole: { column: string; property: string }): PropertyDecorator =>
  (prototype, property) => {
    ManyToOne(target, RELATION)(prototype, property);
    JoinColumn([
      { name: 'organisation_id', referencedColumnName: 'organisationId' },
      { name: whole.column, referencedColumnName: whole.property },
      { name: column, referencedColumnName: 'id' },
    ])(prototype, property);
  };
