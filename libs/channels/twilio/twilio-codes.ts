/**
 * Codes that are about the number itself, whether Twilio refuses a message with them or tells of it later: invalid, not reachable
 * by SMS, a short code, not mobile, a landline, and unsubscribed by STOP. Others (21408, a country not enabled; 21612, this
 * sender cannot reach it; 30003, switched off; 30004, blocked by whomever) are about the account or pass by themselves.
 * https://www.twilio.com/docs/api/errors
 */
export const BAD_NUMBERS: ReadonlySet<number> = new Set([
  21211, 21217, 21265, 21610, 21614, 21635, 30005, 30006,
]);
