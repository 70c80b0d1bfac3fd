export { MailboxReader, type MailboxReaderOptions } from './mailbox-reader.js';
export { hasOwner, readPosition } from './mailbox-position.js';
export { takeMail, type TakenMail } from './take-mail.js';
