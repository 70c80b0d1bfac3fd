import { accessSync, constants, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MESSAGE_MEDIA } from '#domain/medium.js';
import type { Channel, Message } from '#channels/channel.js';
import { composeEmail } from '#channels/email/compose-email.js';
import { failureCode } from '#channels/failure.js';
import { refusalOf } from '#channels/message-check.js';

export interface OutboxConfig {
  /** Where messages are written, `<directory>/<organisationId>/<contactId>.eml`; null keeps nothing on disk. */
  directory: string | null;
}

/** Extension of a file and what stands in it. */
type Copy = readonly [extension: string, content: string | Buffer];

/**
 * Where messages go that must not leave this installation: files a person can open, an e-mail in a mail program (`.eml`)
 * and in a browser (`.html`), all else as `.txt`. The name of a message is its contact's id, so sending it twice leaves
 * one copy. Without a directory nothing is kept here: the ledger's snapshot is the copy.
 */
export function createOutboxChannel({ directory }: OutboxConfig): Channel {
  const channel = { provider: 'outbox', media: MESSAGE_MEDIA, external: false } as const;
  const known = new Set<string>();
  return {
    ...channel,
    send: async (message) => {
      const refusal = refusalOf(message, channel);
      if (refusal) return refusal;
      if (directory !== null) await keep(directory, message, known);
      return { kind: 'accepted', providerId: message.contactId };
    },
    check: () => Promise.resolve(checkDirectory(directory)),
    close: () => Promise.resolve(),
  };
}

/**
 * Written synchronously: a few files of a few kilobytes, for which going through the thread pool costs three times as
 * much as writing them.
 * @param known folders that were made already: making one again costs more than the file.
 */
async function keep(directory: string, message: Message, known: Set<string>): Promise<void> {
  const folder = join(directory, message.organisationId);
  const copies = await copiesOf(message);
  if (!known.has(folder)) mkdirSync(folder, { recursive: true });
  known.add(folder);
  for (const [extension, content] of copies)
    writeWhole(join(folder, `${message.contactId}.${extension}`), content);
}

/** Under another name first, so that nobody ever opens half a message. */
function writeWhole(path: string, content: string | Buffer): void {
  const draft = `${path}.${String(process.pid)}.tmp`;
  writeFileSync(draft, content);
  renameSync(draft, path);
}

async function copiesOf(message: Message): Promise<Copy[]> {
  if (message.medium !== 'email') return [['txt', asText(message)]];
  const eml: Copy = ['eml', await composeEmail(message)];
  return message.html === undefined ? [eml] : [eml, ['html', message.html]];
}

function asText({ from, to, medium, text }: Message): string {
  const party = ({ address, name }: Message['to']): string => (name ? `${name} <${address}>` : address);
  return `From: ${party(from)}\nTo: ${party(to)}\nMedium: ${medium}\n\n${text}\n`;
}

function checkDirectory(directory: string | null): Awaited<ReturnType<Channel['check']>> {
  if (directory === null) return { ok: true, detail: 'messages are kept in the ledger only, none on disk' };
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
    return { ok: true, detail: `messages are written to ${directory}` };
  } catch (error) {
    const remedy = 'make the directory writable for this user, or set another one';
    return { ok: false, detail: `cannot write to ${directory} (${failureCode(error)})`, remedy };
  }
}
