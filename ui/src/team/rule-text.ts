// The text of a rule, and the fields of its form. Pure.
import type { AllocationRule, CostCenterShare, RuleConditions, RuleSettings } from '../host/team';
import { teamText } from '../strings/team';

/** The conditions in the order in which they are shown. */
export const conditionNames = ['member', 'project', 'repository', 'tag'] as const satisfies readonly (keyof RuleConditions)[];

/** Returns the shares and the conditions of a rule as text. */
export function describeRule(rule: AllocationRule): { shares: string; conditions: string } {
  const shares = rule.shares.map((share) => `${share.costCenter} ${share.percent}%`).join(', ');
  const conditions = conditionNames.flatMap((name) => {
    const pattern = rule[name];
    return pattern === null ? [] : [`${teamText.rules.condition[name]} ${pattern}`];
  });
  const days = [rule.from === null ? [] : [teamText.rules.from(rule.from)], rule.until === null ? [] : [teamText.rules.until(rule.until)]].flat();
  const parts = [...(conditions.length === 0 ? [teamText.rules.everything] : conditions), ...days];
  return { shares, conditions: `${rule.position ?? ''}. ${parts.join(' · ')}` };
}

/** The typed fields of a rule. */
export interface RuleFields extends Record<(typeof conditionNames)[number] | 'position' | 'from' | 'until', string> {
  shares: { costCenter: string; percent: string }[];
}

/** Returns the fields of a rule, or those of a new one. */
export function ruleFields(rule: RuleSettings | null): RuleFields {
  const typed = (value: string | number | null | undefined) => (value === null || value === undefined ? '' : String(value));
  const shares = rule?.shares.map(({ costCenter, percent }) => ({ costCenter, percent: String(percent) }));
  return {
    position: typed(rule?.position),
    member: typed(rule?.member),
    project: typed(rule?.project),
    repository: typed(rule?.repository),
    tag: typed(rule?.tag),
    from: typed(rule?.from),
    until: typed(rule?.until),
    shares: shares ?? [{ costCenter: '', percent: '100' }],
  };
}

/** Returns the error of the shares; null if they add up to 100. The hub checks everything else. */
export function shareError(shares: RuleFields['shares']): string | null {
  const hundredths = shares.map((share) => Math.round(Number(share.percent) * 100));
  if (shares.some((share) => share.percent.trim() === '') || hundredths.some((share) => !Number.isFinite(share))) return teamText.rules.notANumber;
  const sum = hundredths.reduce((total, share) => total + share, 0);
  return sum === 10_000 ? null : teamText.rules.sum(String(sum / 100));
}

/** Returns the rule of the fields. */
export function parseRuleFields(fields: RuleFields): RuleSettings {
  const optional = (value: string) => (value.trim() === '' ? null : value.trim());
  const position = optional(fields.position);
  const shares = fields.shares.map((share): CostCenterShare => ({ costCenter: share.costCenter, percent: Number(share.percent) }));
  return {
    position: position === null ? null : Number(position),
    member: optional(fields.member),
    project: optional(fields.project),
    repository: optional(fields.repository),
    tag: optional(fields.tag),
    from: optional(fields.from),
    until: optional(fields.until),
    shares,
  };
}
