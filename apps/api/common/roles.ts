export const ROLES = ['admin', 'manager', 'marketer', 'agent', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Whose work each role may do besides its own. Admin: keys and the organisation. Manager: money, invoices, holds,
 * enrolments. Marketer: campaigns and templates. Agent: tasks, holds and promises. Viewer: reads everything.
 */
const INCLUDES: Readonly<Record<Role, readonly Role[]>> = {
  admin: ROLES,
  manager: ['manager', 'marketer', 'agent', 'viewer'],
  marketer: ['marketer', 'viewer'],
  agent: ['agent', 'viewer'],
  viewer: ['viewer'],
};

/** Whether a key of this role may use a route that is for any of `allowed`. */
export const permits = (role: Role, allowed: readonly Role[]): boolean =>
  allowed.some((each) => INCLUDES[role].includes(each));
