import type { SwaggerDocumentOptions } from '@nestjs/swagger';
import { z } from 'zod';

type Converter = NonNullable<SwaggerDocumentOptions['standardSchemaConverter']>;
type JsonSchema = Record<string, unknown>;

const REFERENCE = /^#\/\$defs\//;

/** What a schema lets in and what it gives out may differ (defaults, transforms): each gets a name of its own then. */
const rename = (value: unknown, names: ReadonlyMap<string, string>): unknown => {
  if (Array.isArray(value)) return value.map((each) => rename(each, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key !== '$ref' || typeof inner !== 'string' || !REFERENCE.test(inner))
        return [key, rename(inner, names)];
      const id = inner.replace(REFERENCE, '');
      return [key, `#/components/schemas/${names.get(id) ?? id}`];
    }),
  );
};

/** An answer may get more properties in a later release, which clients must expect; only strict objects are closed. */
const override: z.core.ToJSONSchemaParams['override'] = ({ zodSchema, jsonSchema }) => {
  const { def } = zodSchema._zod;
  if (def.type === 'object' && !('catchall' in def && def.catchall)) delete jsonSchema.additionalProperties;
};

const toJsonSchema = (schema: z.ZodType, io: 'input' | 'output'): { root: JsonSchema; defs: JsonSchema } => {
  const {
    $schema: _,
    $defs = {},
    ...root
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any', override });
  return { root, defs: $defs };
};

/**
 * Renders zod's schemas for OpenAPI 3.1; those with an id (`.meta({ id: 'Invoice' })`) become components. One
 * converter serves one document.
 */
export const schemaConverter = (): Converter => {
  const components = new Map<string, string>();

  /** `Invoice`, or `InvoiceInput` where what goes in looks different from what was first seen under that name. */
  const nameOf = (id: string, definition: unknown, io: 'input' | 'output'): string => {
    const text = JSON.stringify(definition);
    const free = [id, `${id}${io === 'input' ? 'Input' : 'Output'}`].find((name) => {
      const known = components.get(name);
      return known === undefined || known === text;
    });
    const name = free ?? id;
    components.set(name, text);
    return name;
  };

  return (schema, { schemaType }) => {
    if (!(schema instanceof z.ZodType)) return undefined;
    const { root, defs } = toJsonSchema(schema, schemaType);
    const names = new Map(
      Object.entries(defs).map(([id, definition]) => [id, nameOf(id, definition, schemaType)]),
    );
    const renamed = Object.entries(defs).map(([id, definition]) => [
      names.get(id) ?? id,
      rename(definition, names),
    ]);
    return { schema: rename(root, names), components: Object.fromEntries(renamed) as JsonSchema };
  };
};
