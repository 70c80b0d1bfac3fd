import { TextDecoder } from 'node:util';
import type { Mapping } from './mapping.js';
import { unreadable } from './unreadable.js';

export type Bytes = AsyncIterable<Uint8Array | string>;

type Encoding = Mapping['encoding'];

/**
 * A file's bytes as text, without its byte order mark. A mark decides over everything; without one it is the encoding
 * given, else UTF-8, strictly: a file in another encoding is an error rather than a file of question marks.
 *
 * @throws {UnreadableFileError} for bytes that are no text
 */
export async function* decode(source: Bytes, encoding: Encoding): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  let read = 0;
  let used = '';
  for await (const chunk of startingWith(source, 4)) {
    used = used === '' ? encodingOf(chunk, encoding) : used;
    decoder ??= new TextDecoder(used, { fatal: true });
    yield decodeChunk(decoder, chunk, used, read);
    read += chunk.length;
  }
  if (decoder) yield decodeChunk(decoder, null, used, read);
}

/** The same bytes, with at least `length` of them in the first chunk if there are as many. */
async function* startingWith(source: Bytes, length: number): AsyncGenerator<Uint8Array> {
  let first: Buffer | null = Buffer.alloc(0);
  for await (const chunk of source) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    if (first === null) {
      yield bytes;
      continue;
    }
    first = Buffer.concat([first, bytes]);
    if (first.length < length) continue;
    yield first;
    first = null;
  }
  if (first !== null && first.length > 0) yield first;
}

function encodingOf(first: Uint8Array, encoding: Encoding): string {
  const [a, b, c, d] = first;
  if (a === 0x50 && b === 0x4b && c === 0x03 && d === 0x04) {
    throw unreadable('is a spreadsheet or an archive', 'Export it as CSV, and import that');
  }
  if (a === 0x25 && b === 0x50 && c === 0x44 && d === 0x46)
    throw unreadable('is a PDF', 'Export the data as CSV');
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return encoding === 'utf-16' ? 'utf-16le' : (encoding ?? 'utf-8');
}

function decodeChunk(decoder: TextDecoder, chunk: Uint8Array | null, encoding: string, read: number): string {
  let text: string;
  try {
    text = chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    const remedy = 'Save it as UTF-8, or write its encoding (as windows-1251) in the mapping';
    throw unreadable(`is not ${encoding} after byte ${read}`, remedy);
  }
  if (text.includes('\0')) {
    throw unreadable(
      'holds bytes that are no text',
      'Export it as CSV in UTF-8, or write its encoding in the mapping',
    );
  }
  return text;
}
