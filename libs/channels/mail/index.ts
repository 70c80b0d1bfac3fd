export { type Mail, type MailPart } from './mail.js';
export type { Mailbox, OpenMailbox } from './mailbox.js';
export { type Arrival, mailNews } from './mail-news.js';
export { parseMime } from './parse-mime.js';
