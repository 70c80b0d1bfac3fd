export { contactReconciliation } from './contact-reconciliation.js';
export { invoiceCampaign } from './invoice-campaign.js';
export { webhookDelivery } from './webhook-delivery.js';
