import type { Instant, LocalDate } from '#domain/instant.js';
import type { Rate } from '#domain/limits.js';
import type { MessageMedium } from '#domain/medium.js';
import type { MailSettings } from './mail.js';

/** Everything a message says that the planner does not need. */
export interface LetterFacts {
  organisation: string;
  number: string;
  /** The one that the next contact gets. */
  contactId: string;
  /** What links are signed with, in hexadecimal digits. */
  linkSecret: string;
  document: DocumentFacts | null;
  /** The payment of it that a bank took back last, in minor units; left out, or null: none was. */
  returned?: { at: Instant; on: LocalDate; minor: number } | null;
  /** By contact point: the Message-ID of the first e-mail about the invoice that it got. */
  threads: Record<string, string> | null;
  customer: { name: string; locale: string };
  people: LetterPerson[];
  /** Those of the parent company, by its name and language where they have none of their own; null where there is none. */
  parentPeople: LetterPerson[] | null;
  creditor: LetterCreditor;
  manager: { name: string; phone: string; email: string } | null;
}

export interface Party {
  address: string;
  name: string;
}

export interface DocumentFacts {
  id: string;
  filename: string;
  contentType: string;
  bytes: number;
  /** In hexadecimal digits. */
  sha256: string;
}

export interface LetterPerson {
  id: string;
  name: string | null;
  givenName: string | null;
  familyName: string | null;
  salutation: string | null;
  locale: string | null;
  /** Address by contact point. */
  points: Record<string, string> | null;
}

export interface LetterCreditor {
  name: string;
  phone: string;
  email: string;
  address: string | null;
  vatId: string | null;
  website: string | null;
  bankAccounts: {
    bankName?: string;
    iban?: string;
    bic?: string;
    accountNumber?: string;
    currency?: string;
  }[];
  mail: MailSettings;
  brand: { colour?: string; logoUrl?: string };
  senders: Partial<Record<MessageMedium, { address: string; name?: string; rate?: Rate }>>;
  paymentLink: string | null;
  locale: string;
}
