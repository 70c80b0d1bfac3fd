import type { z } from 'zod';
import { contradictionIn, type OwnRules, ownRulesSchema } from '#domain/policy/own-rules.js';
import type { ContactPolicy } from '#domain/policy/policy.js';

/** Refuses rules under which nobody could ever be contacted; those that are wrong in themselves are told of already. */
export const opensSometimes =
  (policyOf: (rules: OwnRules) => ContactPolicy) =>
  (rules: OwnRules, context: z.core.$RefinementCtx<OwnRules>): void => {
    if (!ownRulesSchema.safeParse(rules).success) return;
    const message = contradictionIn([policyOf(rules)]);
    if (message) context.addIssue({ code: 'custom', message });
  };
