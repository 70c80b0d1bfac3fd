import { Initial1764000000000 } from './1764000000000-initial.js';
import { PlansByKey1764200000000 } from './1764200000000-plans-by-key.js';
import { AnswersTriedAgain1764500000000 } from './1764500000000-answers-tried-again.js';
import { Receipts1764700000000 } from './1764700000000-receipts.js';
import { UnknownsSwept1764800000000 } from './1764800000000-unknowns-swept.js';
import { LinkSecret1764900000000 } from './1764900000000-link-secret.js';
import { Inbound1765000000000 } from './1765000000000-inbound.js';
import { MailOfCreditors1765100100000 } from './1765100100000-mail-of-creditors.js';
import { SuppressionsByMedium1765100000000 } from './1765100000000-suppressions-by-medium.js';
import { EmergencyStop1765200000000 } from './1765200000000-emergency-stop.js';
import { Limits1765210000000 } from './1765210000000-limits.js';
import { PolledContacts1765300000000 } from './1765300000000-polled-contacts.js';
import { Mailbox1765400000000 } from './1765400000000-mailbox.js';
import { SmsParts1765410000000 } from './1765410000000-sms-parts.js';
import { Setbacks1765420000000 } from './1765420000000-setbacks.js';
import { DeferredBy1765430000000 } from './1765430000000-deferred-by.js';
import { CampaignMoves1765470000000 } from './1765470000000-campaign-moves.js';
import { ZonesByCountry1765510000000 } from './1765510000000-zones-by-country.js';
import { DoubleOptIn1765550100000 } from './1765550100000-double-opt-in.js';
import { ParentCompanies1765550000000 } from './1765550000000-parent-companies.js';
import { EnrolmentRules1765570000000 } from './1765570000000-enrolment-rules.js';
import { Erasure1765500000000 } from './1765500000000-erasure.js';
import { Holds1765490000000 } from './1765490000000-holds.js';
import { UnappliedCash1765480000000 } from './1765480000000-unapplied-cash.js';
import { Wishes1765475000000 } from './1765475000000-wishes.js';
import { Pauses1765470001000 } from './1765470001000-pauses.js';
import { Approvals1765580000000 } from './1765580000000-approvals.js';
import { InstalmentPlans1765590000000 } from './1765590000000-instalment-plans.js';
import { Chargebacks1765600000000 } from './1765600000000-chargebacks.js';
import { Copied1765610000000 } from './1765610000000-copied.js';
import { LastOfEnrolment1765620000000 } from './1765620000000-last-of-enrolment.js';
import { RulesChanged1765630000000 } from './1765630000000-rules-changed.js';

/** In the order of their time stamps. */
export const migrations = [
  Initial1764000000000,
  PlansByKey1764200000000,
  AnswersTriedAgain1764500000000,
  Receipts1764700000000,
  UnknownsSwept1764800000000,
  LinkSecret1764900000000,
  Inbound1765000000000,
  SuppressionsByMedium1765100000000,
  MailOfCreditors1765100100000,
  EmergencyStop1765200000000,
  Limits1765210000000,
  PolledContacts1765300000000,
  Mailbox1765400000000,
  SmsParts1765410000000,
  Setbacks1765420000000,
  DeferredBy1765430000000,
  CampaignMoves1765470000000,
  Pauses1765470001000,
  Wishes1765475000000,
  UnappliedCash1765480000000,
  Holds1765490000000,
  Erasure1765500000000,
  ZonesByCountry1765510000000,
  ParentCompanies1765550000000,
  DoubleOptIn1765550100000,
  EnrolmentRules1765570000000,
  Approvals1765580000000,
  InstalmentPlans1765590000000,
  Chargebacks1765600000000,
  Copied1765610000000,
  LastOfEnrolment1765620000000,
  RulesChanged1765630000000,
];
