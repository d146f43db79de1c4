/** What this data still awaits since it was set back, for an operator; and two people's word to go on without it. */
import { CodedError } from '@hailong/shared/errors.ts';
import type { AdminParts } from './web-parts.ts';

/** By counter, so that an operator knows which kiosk to switch on. */
export async function showRecovering(parts: AdminParts): Promise<Record<string, unknown>> {
  const view = await parts.storage.recovery.show();
  const numbers = new Map(
    (await parts.storage.directory.counters()).map((each) => [each.id as string, each.number]),
  );
  const numberOf = (id: string) => numbers.get(id) ?? id;
  const { state, ...rest } = view;
  return {
    ...{ event: 'recovering', recovering: state !== null, ...rest },
    ...(state ? { cause: state.cause, since: state.since, shownBy: state.shownBy } : {}),
    awaited: (state?.awaited ?? [])
      .filter(({ missing }) => missing === null || missing.length > 0)
      .map((each) => ({ ...each, counter: numberOf(each.counterId) })),
  };
}

export async function overrideRecovering(
  parts: AdminParts,
  given: { readonly by: readonly string[]; readonly reason: string },
): Promise<Record<string, unknown>> {
  const done = await parts.storage.recovery.override({ ...given, at: parts.clock.now() });
  if (!done) throw new CodedError('request.conflict', 'not recovering');
  return { event: 'overridden', ...given };
}
