export {
  accountManagerSchema,
  addressSchema,
  contactPointResource,
  customerInput,
  customerResource,
  personInput,
  personResource,
} from './customer.js';
export type { CustomerInput, CustomerResource, PersonInput } from './customer.js';
export { contactPolicyResource } from './contact-policy.js';
export type { ContactPolicyResource, SwitchedOff } from './contact-policy.js';
export { instalmentPlanInput, instalmentPlanResource } from './instalment-plan.js';
export type { InstalmentPlanInput, InstalmentPlanResource } from './instalment-plan.js';
export { consentInput, consentResource, erasureInput } from './consent.js';
export type { ConsentInput, ConsentResource, ErasureInput } from './consent.js';
export { bankAccountSchema, creditorInput, creditorResource } from './creditor.js';
export type { CreditorInput, CreditorResource } from './creditor.js';
export {
  balanceResource,
  closeInvoiceInput,
  invoiceEventInput,
  invoiceEventResource,
  invoiceInput,
  invoicePartResource,
  invoiceResource,
  openItemInput,
  partInput,
} from './invoice.js';
export type {
  InvoiceEventInput,
  InvoiceEventResource,
  InvoiceInput,
  InvoiceResource,
  OpenItemInput,
} from './invoice.js';
export {
  allocateInput,
  allocationResource,
  creditNoteInput,
  creditNoteResource,
  keepInput,
  sourceSyncInput,
  sourceSyncResource,
  paymentInput,
  paymentResource,
  paymentReversalInput,
  reversalInput,
} from './payment.js';
export type {
  AllocateInput,
  KeepInput,
  SourceSyncInput,
  SourceSyncResource,
  AllocationInput,
  AllocationResource,
  CreditNoteInput,
  CreditNoteResource,
  PaymentInput,
  PaymentReversalInput,
  PaymentResource,
} from './payment.js';
export {
  holdInput,
  holdReleaseInput,
  holdResource,
  releaseInput,
  suppressionInput,
  suppressionResource,
} from './hold.js';
export type {
  HoldInput,
  HoldReleaseInput,
  HoldResource,
  SuppressionInput,
  SuppressionResource,
} from './hold.js';
export { approvalInput, callInput, promiseResource, taskOutcomeInput, taskResource } from './task.js';
export type { ApprovalInput, CallInput, PromiseResource, TaskOutcomeInput, TaskResource } from './task.js';
export { enrolmentRuleInput, enrolmentRuleResource } from './enrolment-rule.js';
export type { Audience, EnrolmentRuleInput, EnrolmentRuleResource } from './enrolment-rule.js';
export { customerConditions, invoiceConditions, segmentInput, segmentResource } from './segment.js';
export type { CustomerConditions, InvoiceConditions, SegmentInput, SegmentResource } from './segment.js';
export { handOverPack } from './hand-over.js';
export type { HandOverPack } from './hand-over.js';
export { stopInput, stopResource } from './stop.js';
export type { StopInput, StopResource } from './stop.js';
export { organisationInput, organisationResource, organisationUpdate } from './organisation.js';
export type { OrganisationInput, OrganisationResource, OrganisationUpdate } from './organisation.js';
export { REFUSALS, refusedResource, upsertResource, writtenResource } from './upsert.js';
export type { RefusalReason, Refused, UpsertResult, Written } from './upsert.js';
