export { applyInbound, applyWaitingInbound } from './apply-inbound.js';
export { assignInbound } from './assign.js';
export {
  INBOUND_CHANNEL,
  type InboundNews,
  type InboundSources,
  storeInbound,
  type StoredInbound,
} from './store-inbound.js';
export { telegramLink } from './telegram-link.js';
