import { MERGE_TAG_PATHS, MERGE_TAGS, type MergeTags } from '#domain/merge-tags.js';
import { safeColour } from './colour.js';

/** Stands for a list until it is rendered; a private-use character that is taken out of all other values. */
export const LIST_MARK = '\uE002';

type Scope = Record<string, Record<string, unknown> | null>;

const WEB_ADDRESS = /^https?:\/\/[^\s<>"'`\\]+$/i;

const pathsToCheck = MERGE_TAG_PATHS.filter(
  (path) => MERGE_TAGS[path].nullable || MERGE_TAGS[path].kind === 'colour',
);

/**
 * The tags as a template may see them: a link that is not http or https is as if there were none, a colour is a
 * colour, an empty value is unknown (Liquid takes an empty string for true), and a list is its mark.
 */
export function safeTags(tags: MergeTags): Scope {
  const scope: Scope = {};
  for (const [group, values] of Object.entries(tags) as [string, object | null][])
    scope[group] = values && { ...values };
  if (tags.statement) markList(scope);
  for (const path of pathsToCheck) {
    const [group = '', field = ''] = path.split('.');
    const values = scope[group];
    if (values) values[field] = safeValue(path, values[field]);
  }
  return scope;
}

/** Liquid prints the mark as it stands, whatever it escapes. */
function markList(scope: Scope): void {
  for (const values of Object.values(scope)) {
    for (const [field, value] of Object.entries(values ?? {}))
      if (values && typeof value === 'string') values[field] = value.replaceAll(LIST_MARK, '');
  }
  scope['statement'] = { ...scope['statement'], list: LIST_MARK };
}

function safeValue(path: (typeof MERGE_TAG_PATHS)[number], value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (MERGE_TAGS[path].kind === 'colour') return safeColour(value);
  if (value.trim() === '') return null;
  return MERGE_TAGS[path].kind === 'url' && !WEB_ADDRESS.test(value) ? null : value;
}
