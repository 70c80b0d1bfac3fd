export { pollReceipts, type PollDeps, type Polled } from './poll-receipts.js';
export { applyReceipts, applyWaiting } from './apply-receipts.js';
export { type BadAddress, suppressAddress } from './bad-address.js';
export { RECEIPTS_CHANNEL, storeReceipts, type StoredReceipts } from './store-receipts.js';
