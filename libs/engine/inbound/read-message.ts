import type { ReadMessage } from '#domain/conversation.js';
import type { InboundRow } from './inbound-row.js';

/** How a message was meant. */
export function readMessage(message: InboundRow): ReadMessage {
  if (message.headers['auto-submitted']) return { reading: 'automatic', returnsOn: null };
  const word = message.text.trim().toLowerCase().replace(/^\//, '');
  if (word === 'stop') return { reading: 'stop', returnsOn: null };
  if (word === 'start') return { reading: 'start', returnsOn: null };
  return { reading: 'person', returnsOn: null };
}
