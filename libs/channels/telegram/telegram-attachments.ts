import { at } from '#channels/http/http-outcome.js';
import type { InboundMessage } from '#channels/inbound.js';
import { idAt, textAt } from './telegram-values.js';

type File = InboundMessage['attachments'][number];

/** What a message may carry, and what it is where Telegram does not say. */
const KINDS: readonly [name: string, contentType: string][] = [
  ['document', 'application/octet-stream'],
  ['audio', 'audio/mpeg'],
  ['voice', 'audio/ogg'],
  ['video', 'video/mp4'],
  ['video_note', 'video/mp4'],
];

/** What came along with a message: named, and not fetched. */
export function attachmentsOf(told: unknown): File[] {
  const files = KINDS.flatMap(([kind, contentType]) => {
    const file = at(told, kind);
    return typeof file === 'object' && file !== null ? [fileOf(file, kind, contentType)] : [];
  });
  const sizes = at(told, 'photo');
  // One picture in several sizes, the largest last.
  const photo: unknown = Array.isArray(sizes) ? sizes.at(-1) : undefined;
  return photo === undefined ? files : [...files, fileOf(photo, 'photo', 'image/jpeg')];
}

const fileOf = (file: unknown, kind: string, contentType: string): File => ({
  filename: textAt(file, 'file_name') ?? kind,
  contentType: textAt(file, 'mime_type') ?? contentType,
  bytes: Number(idAt(file, 'file_size') ?? 0),
});
