/**
 * Purpose: a rollout as people see it, its groups and its patience, and their word where they know better than the rule.
 * Refuses: to force or retry what is neither held back nor gone back.
 * Document: hub-server/DESIGN.md, "Rollout".
 */
import { CodedError } from '@hailong/shared/errors.ts';
import type { RolloutAnswer } from '@hailong/shared/protocol/fleet.ts';
import type { RolloutRule } from '../../domain/fleet/rollout-machine.ts';
import type { RolloutShown } from '../ports/rollout.ts';
import type { AdminParts } from '../web-parts.ts';

export async function showRollout(parts: AdminParts): Promise<RolloutAnswer> {
  const { rollout, rule, groups, stages } = await parts.storage.rollouts.show();
  return { rollout, rule, groups: [...groups], stages: [...stages] } as RolloutAnswer;
}

export async function saveRollout(
  parts: AdminParts,
  input: { readonly rule: RolloutRule; readonly groups: RolloutShown['groups']; readonly actor: string },
): Promise<void> {
  const { rule, groups, actor } = input;
  const at = parts.clock.now();
  await parts.storage.rollouts.saveRule({
    ...{ rule, groups, at },
    audit: {
      ...{ at, actor, action: 'rollout.rule_saved', object: 'rollout', reason: null },
      body: { ...rule, groups },
    },
  });
  await parts.told?.core.directoryChanged();
}

export async function decideRollout(
  parts: AdminParts,
  { what, actor }: { readonly what: 'force' | 'retry'; readonly actor: string },
): Promise<void> {
  const at = parts.clock.now();
  const done = await parts.storage.rollouts.decide({
    ...{ what, at },
    audit: {
      ...{ at, actor, action: what === 'force' ? 'rollout.forced' : 'rollout.retried', object: 'rollout' },
      reason: null,
    },
  });
  if (!done) throw new CodedError('request.conflict', 'nothing is held back');
  await parts.told?.core.directoryChanged();
}
