export { ownWords } from './own-words.js';
export { readReply, type Reply, type ReplyMessage } from './read-reply.js';
export { STOP, STOP_ALONE } from './keywords.js';
