/**
 * The media Kindly can reach a person by. A campaign names them in a step's `send`; `call` is worked by a human
 * as a task and never by a provider.
 */
export const MEDIA = ['email', 'sms', 'telegram', 'call'] as const;
export type Medium = (typeof MEDIA)[number];

/** Media a provider delivers by itself. */
export const MESSAGE_MEDIA = ['email', 'sms', 'telegram'] as const;
export type MessageMedium = (typeof MESSAGE_MEDIA)[number];

/** Media that nobody is written to by before they have consented to it. */
export const needsConsent = (medium: Medium): boolean => medium === 'telegram';

export const isMessageMedium = (medium: Medium): medium is MessageMedium => medium !== 'call';

/** How the characters of an SMS are carried (3GPP TS 23.038). */
export const SMS_ENCODINGS = ['GSM-7', 'UCS-2'] as const;
export type SmsEncoding = (typeof SMS_ENCODINGS)[number];

/** The kind of contact point a medium needs: a call and an SMS both need a telephone number. */
export const POINT_OF: Record<Medium, 'email' | 'phone' | 'telegram'> = {
  email: 'email',
  sms: 'phone',
  call: 'phone',
  telegram: 'telegram',
};
export type PointKind = (typeof POINT_OF)[Medium];
