/** Something the user can put right; the message says what and how. */
export class UserError extends Error {
  override name = 'UserError';
}
