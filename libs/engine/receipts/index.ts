export { applyReceipts, applyWaiting, type ApplyDeps } from './apply-receipts.js';
export { type BadAddress, suppressAddress } from './bad-address.js';
export { RECEIPTS_CHANNEL, storeReceipts, type StoredReceipts } from './store-receipts.js';
