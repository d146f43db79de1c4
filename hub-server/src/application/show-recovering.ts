/** What this data still awaits since it was set back, for pages and an operator; and two people's word to go on without. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { RecoveringAnswer } from '@hailong/shared/protocol/http.ts';
import { isAwaited } from '../domain/recovery/recovery-machine.ts';
import type { AdminParts } from './web-parts.ts';

/** By counter, so that people know which kiosk to switch on. */
export async function showRecovering(parts: AdminParts): Promise<RecoveringAnswer> {
  const { state, override, readmissions, gaps } = await parts.storage.recovery.show();
  const counters = await parts.storage.directory.counters();
  const numberOf = (id: string): string => counters.find((each) => each.id === id)?.number ?? id;
  const devices = state === null ? [] : await parts.storage.devices.list();
  const isReplaced = (id: string): boolean => {
    const held = devices.find((each) => each.id === id);
    return devices.some(
      (each) =>
        each.counterId === held?.counterId && each.revokedAt === null && each.enrolledAt > held.enrolledAt,
    );
  };
  return {
    recovering: state !== null,
    since: state?.since ?? null,
    overridden: override !== null,
    awaited: (state?.awaited ?? []).filter(isAwaited).map(({ device, counterId, missing }) => ({
      ...{ counterId, counter: numberOf(counterId), device, replaced: isReplaced(device) },
      state: missing === null ? 'unheard' : 'sending',
    })),
    gaps: gaps.map(({ counterId, device, from, to }) => ({
      counter: counterId && numberOf(counterId),
      ...{ device, from, to },
    })),
    toConfirm: readmissions
      .filter(({ confirmedBy }) => confirmedBy === null)
      .map(({ device, counterId }) => ({ device, counterId, counter: numberOf(counterId) })),
  } as RecoveringAnswer;
}

/** What would leave the house must be whole. */
export async function mustNotRecover(parts: AdminParts): Promise<void> {
  if (!(await parts.storage.recovery.blocked())) return;
  const { awaited } = await showRecovering(parts);
  throw new CodedError('hub.recovering', awaited.map(({ counter }) => counter).join(', '));
}

export async function overrideRecovering(
  parts: AdminParts,
  given: { readonly by: readonly string[]; readonly reason: string },
): Promise<Record<string, unknown>> {
  const done = await parts.storage.recovery.override({ ...given, at: parts.clock.now() });
  if (!done) throw new CodedError('request.conflict', 'not recovering');
  await parts.told?.core.recoveryChanged();
  return { event: 'overridden', ...given };
}
