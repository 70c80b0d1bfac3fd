import { type Document, isMap, isNode, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

/** 1-based, as editors count. */
export interface FilePosition {
  line: number;
  column: number;
}

/** `['steps', 2, 'at']` for `steps[2].at`. */
export const pathSegments = (path: string): (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, name]) =>
    index ? Number(index) : (name ?? ''),
  );

/**
 * Where a path of the document stands in its file: at its key, or at the nearest thing around it that exists when the
 * path itself is what is missing.
 */
export function positionOf(document: Document, path: string, lines: LineCounter): FilePosition | null {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const segment of pathSegments(path)) {
    const found = child(node, segment);
    if (!found) break;
    offset = startOf(found.at) ?? offset;
    node = found.value;
  }
  return toPosition(lines, offset);
}

/** Null when the offset is not known to the counter. */
export function toPosition(lines: LineCounter, offset: number): FilePosition | null {
  const { line, col } = lines.linePos(offset);
  return line > 0 ? { line, column: col } : null;
}

const startOf = (node: unknown): number | undefined => (isNode(node) ? (node as Node).range?.[0] : undefined);

function child(node: unknown, segment: string | number): { at: unknown; value: unknown } | null {
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment];
    return item === undefined ? null : { at: item, value: item };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
  return pair ? { at: pair.key, value: pair.value } : null;
}
