export { createReconcileActivities, type ReconcileDeps } from './reconcile.js';
export { startReconciliation } from './start.js';
