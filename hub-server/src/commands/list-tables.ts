/** `hold list`, `acts list` and `camera list` as tables for people. */
import type { ActAnswer } from '@hailong/shared/protocol/acts.ts';
import type { CameraStanding } from '@hailong/shared/protocol/cameras.ts';
import type { CameraState } from '@hailong/shared/protocol/footage.ts';
import type { HoldAnswer, HoldList } from '@hailong/shared/protocol/holds.ts';
import { ACT_STATE_WORDS, ACT_WORDS } from '@hailong/shared/words/act-words.ts';
import { LIVE_WORDS, STANDING_WORDS } from '@hailong/shared/words/camera-words.ts';
import { CASE_WORDS } from '@hailong/shared/words/case-words.ts';
import { HELD_WALKUP_WORDS, HOLD_WORDS } from '@hailong/shared/words/hold-words.ts';
import { say } from './command-line.ts';
import { bothText, momentText, openTable, printTable } from './table.ts';

const NONE = '–';

function holdEnd({ state, until, endedAt, endedBy }: HoldAnswer): string {
  if (state === 'lapsed') return `${bothText('đã hết hạn', 'lapsed')} ${momentText(endedAt ?? 0)}`;
  if (state === 'ended')
    return `${bothText('đã kết thúc', 'ended')} ${momentText(endedAt ?? 0)}: ${(endedBy ?? []).join(', ')}`;
  return until === null ? bothText('khi phiếu còn mở', 'while its case is open') : momentText(until);
}

function holdKind({ kind, case: of, walkup }: HoldAnswer): string {
  if (of !== null) return bothText(CASE_WORDS.vi[of.type], CASE_WORDS.en[of.type]);
  const why = bothText(HOLD_WORDS.vi[kind], HOLD_WORDS.en[kind]);
  if (walkup === null) return why;
  const [counter, when] = [walkup.counter, momentText(walkup.at)];
  return `${why} (${bothText(HELD_WALKUP_WORDS.vi(counter, when), HELD_WALKUP_WORDS.en(counter, when))})`;
}

/** A page at a time, and how many there are in all at the end. */
export function holdTable(): {
  add(holds: readonly HoldAnswer[]): void;
  end(count: HoldList['count']): void;
} {
  const table = openTable([
    ...['Giữ đến / Until', 'Vì sao / Why', 'Của ai / Owner', 'Phiếu / Case', 'Camera'],
    ...['Hình / Footage', 'Mã / ID'],
  ]);
  return {
    add: (holds) =>
      table.add(
        holds.map((hold) => [
          holdEnd(hold),
          holdKind(hold),
          hold.secret ? bothText('chỉ người được giao', 'its assignee alone') : hold.owner || NONE,
          hold.case?.number ?? NONE,
          hold.cameras.map(({ name }) => name).join(', '),
          hold.from === null || hold.to === null ? NONE : `${momentText(hold.from)} – ${momentText(hold.to)}`,
          hold.id,
        ]),
      ),
    end: ({ living, ended }) =>
      say(
        `Đang bảo lưu ${living}; kết thúc trong 30 ngày qua ${ended}.`,
        `${living} on hold; ${ended} ended in the last 30 days.`,
      ),
  };
}

export function printActs(acts: readonly ActAnswer[]): void {
  printTable(
    [
      'Chờ đến / Until',
      'Tình trạng / State',
      'Việc / Act',
      'Về / About',
      'Người đề nghị / Asked by',
      'Lý do / Reason',
      'Mã / ID',
    ],
    acts.map((act) => [
      momentText(act.expiresAt),
      bothText(ACT_STATE_WORDS.vi[act.state], ACT_STATE_WORDS.en[act.state]),
      bothText(ACT_WORDS.vi[act.kind], ACT_WORDS.en[act.kind]),
      act.object,
      act.askedBy.name,
      act.reason,
      act.id,
    ]),
  );
  const waiting = acts.filter(({ state }) => state === 'pending').length;
  say(`Đang chờ người thứ hai: ${waiting}.`, `Waiting for a second person: ${waiting}.`);
}

export interface ListedCamera {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly counterIds: readonly string[];
  readonly retentionDays: number;
  readonly live: CameraState | null;
  readonly standing: CameraStanding | null;
}

export function printCameras(cameras: readonly ListedCamera[]): void {
  printTable(
    [
      'Camera',
      'Đang / Now',
      'Đưa vào dùng / Standing',
      'Số quầy / Counters',
      'Số ngày giữ / Days',
      'Địa chỉ / Address',
      'Mã / ID',
    ],
    cameras.map(({ id, name, address, counterIds, retentionDays, live, standing }) => [
      name,
      live === null
        ? NONE
        : [bothText(LIVE_WORDS.vi[live.state], LIVE_WORDS.en[live.state]), live.code]
            .filter(Boolean)
            .join(' '),
      standing === null
        ? NONE
        : bothText(STANDING_WORDS.vi[standing.state], STANDING_WORDS.en[standing.state]),
      String(counterIds.length),
      String(retentionDays),
      address,
      id,
    ]),
  );
  say(`${cameras.length} camera.`, `${cameras.length} cameras.`);
}
