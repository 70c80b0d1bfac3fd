import type { ContactPolicyResource } from '#contracts/schemas/index.js';
import { POLICIES } from '#domain/campaign/document.js';
import { dutyWords, keptBy, ruleWords } from '#domain/policy/describe.js';
import type { ContactPolicy, Duty, PolicyRule } from '#domain/policy/policy.js';
import { PROFILES } from '#domain/policy/profiles.js';
import type { Scope } from '#engine/scope.js';
import { currentOrganisation } from '../organisations/organisations.queries.js';

type Off = ReadonlyMap<string, string>;

export async function listContactPolicies(scope: Scope): Promise<ContactPolicyResource[]> {
  const { switchedOff } = await currentOrganisation(scope);
  const off = new Map(switchedOff.map(({ rule, reason }) => [rule, reason]));
  return PROFILES.map((policy) => view(policy, off));
}

const view = (policy: ContactPolicy, off: Off): ContactPolicyResource => ({
  key: policy.key,
  name: policy.name,
  source: policy.source,
  checkedOn: policy.checkedOn,
  binds: policy.scope,
  canBeNamed: (POLICIES as readonly string[]).includes(policy.key),
  rules: [
    ...policy.rules.map((rule) => ({ ...ruleView(policy, rule, off), text: ruleWords(rule), keptBy: null })),
    ...(policy.duties ?? []).map((duty) => ({
      ...ruleView(policy, duty, off),
      text: dutyWords(duty),
      keptBy: keptBy(duty),
    })),
  ],
});

function ruleView({ key: policy }: ContactPolicy, { key, kind }: PolicyRule | Duty, off: Off) {
  const reason = kind === 'kept' ? undefined : (off.get(policy) ?? off.get(`${policy}/${key}`));
  return { key, kind, canSwitchOff: kind !== 'kept', isOn: reason === undefined, reason: reason ?? null };
}
