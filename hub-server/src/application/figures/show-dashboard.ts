/**
 * Purpose: the month's figures by officer, counter, procedure or stage, and the office as it is now.
 * Refuses: counting raw rows (only rollups are read) and naming a level of a single tap.
 */
import type { OfficerId } from '@hailong/shared/ids.ts';
import type { DashboardAnswer } from '@hailong/shared/protocol/http.ts';
import type { UtcMs } from '@hailong/shared/time.ts';
import { type By, figuresOf, MINIMUM_N, rowsBy } from '../../domain/figures/month-figures.ts';
import { FIGURE_WORDS, noteSentence, STAGE_NAMES } from '../../domain/figures/words.ts';
import type { WebParts } from '../web-parts.ts';

type Labels = (key: string) => string;

/** Many offices write the number into the name already. */
function counterLabel({ number, name }: { number: string; name: string }): string {
  const sign = `Quầy ${number}`;
  return name.toLocaleLowerCase('vi').startsWith(sign.toLocaleLowerCase('vi')) ? name : `${sign} – ${name}`;
}

/** Names of the keys of a view. A row without a directory entry (removed since) shows its code or short id. */
export async function labelsOf(parts: WebParts, by: By): Promise<Labels> {
  const { directory } = parts.storage;
  const gone = (key: string) => `${FIGURE_WORDS.gone} (${key.slice(0, 8)})`;
  const from = (entries: readonly (readonly [string, string])[]): Labels => {
    const names = new Map(entries);
    return (key) => names.get(key) ?? gone(key);
  };
  switch (by) {
    case 'officer':
      return from((await directory.officers()).map((each) => [each.id, `${each.name} (${each.code})`]));
    case 'counter':
      return from((await directory.counters()).map((each) => [each.id, counterLabel(each)]));
    case 'procedure': {
      const names = new Map((await directory.procedures()).map((each) => [each.code as string, each.name]));
      return (key) => (key === '' ? FIGURE_WORDS.noProcedure : (names.get(key) ?? key));
    }
    case 'stage':
      return (key) => (STAGE_NAMES as Record<string, string>)[key] ?? key;
  }
}

async function liveNow(parts: WebParts): Promise<DashboardAnswer['live']> {
  const { storage, core, recorder } = parts;
  const [counters, devices, officers, cameras, casesOpen, quarantined] = await Promise.all([
    storage.directory.counters(),
    core.devices(),
    storage.directory.officers(),
    storage.directory.cameras(),
    storage.cases.openCount(),
    core.quarantined(),
  ]);
  const names = new Map<string, string>(officers.map((each) => [each.id, each.name]));
  const states = new Map<string, ReturnType<typeof recorder.states>[number]>(
    recorder.states().map((each) => [each.camera, each]),
  );
  const kiosks = await Promise.all(
    counters
      .filter((each) => each.active)
      .map(async ({ id, number, name }) => {
        const device = devices.filter((each) => each.counterId === id && each.revokedAt === null).at(-1);
        const view = await core.counter(id);
        const state = view.transaction?.state;
        return {
          deviceId: device?.deviceId ?? null,
          counter: { id, number, name },
          online: device?.online ?? false,
          lastSeenAt: (device?.lastSeenAt ?? null) as UtcMs | null,
          panel: device?.panel ?? 'unknown',
          unsynced: device?.unsynced ?? 0,
          officer: view.officerId === null ? null : (names.get(view.officerId as OfficerId) ?? null),
          state: !device
            ? ('unknown' as const)
            : state === 'serving' || state === 'rating'
              ? state
              : view.duty?.state === 'started'
                ? ('rest' as const)
                : ('closed' as const),
        };
      }),
  );
  return {
    kiosks,
    cameras: cameras
      .filter((each) => each.active)
      .map(({ id, name }) => {
        const state = states.get(id);
        return { id, name, state: state?.state ?? 'off', code: state?.code ?? null };
      }),
    casesOpen,
    quarantined,
  };
}

export async function showDashboard(
  parts: WebParts,
  input: { month: string; by: By },
): Promise<DashboardAnswer> {
  const { month, by } = input;
  const { cells, cursor } = await parts.storage.figures.month({ month });
  const [label, live] = await Promise.all([labelsOf(parts, by), liveNow(parts)]);
  return {
    month,
    by,
    // Months are closed by a later step; until then every figure is provisional.
    final: false,
    minimumN: MINIMUM_N,
    total: figuresOf(cells),
    rows: rowsBy(by, cells).map(({ key, note, figures }) => ({
      key,
      label: label(key),
      note: noteSentence(note),
      figures,
    })),
    cursor,
    live,
  };
}
