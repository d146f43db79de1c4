/* Lists on the command line as people read them: Vietnamese first, columns that line up, the id that the next command takes. */
import { afterEach, expect, it, vi } from 'vitest';
import { holdTable, printActs, printCameras } from '../../../hub-server/src/commands/list-tables.ts';

const AT = Date.UTC(2026, 10, 20, 3, 5);
afterEach(() => vi.restoreAllMocks());
function printed(print: () => void): string[] {
  const out: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
  print();
  return out.join('').split('\n').slice(0, -1);
}
/** Each column begins at the same place in every line. */
const linesUp = (lines: string[], first: string, second: string) =>
  expect(lines[0]?.indexOf(first)).toBe(lines[1]?.indexOf(second));

const hold = {
  ...{
    id: 'case:c',
    kind: 'case',
    state: 'living',
    owner: 'Lê Văn Hùng',
    secret: false,
    transactionId: null,
    walkup: null,
  },
  case: { id: 'c', number: 'XXL-2026-0001', type: 'appeal' },
  ...{ cameras: [{ id: 'k', name: 'Quầy 1' }], from: AT, to: AT + 60_000, askedAt: AT, until: null },
  ...{ endedAt: null, endedBy: null, reason: null },
};

it('holds: until when, why, whose, and the id that ends it', () => {
  const lines = printed(() => {
    const table = holdTable();
    table.add([
      hold,
      { ...hold, id: 'rating:t', kind: 'rating', case: null, owner: null, until: AT },
      {
        ...{ ...hold, id: 'walkup:w', kind: 'rating', case: null, owner: null },
        ...{ walkup: { counter: '7', at: AT } },
      },
      { ...hold, id: 'x', state: 'ended', endedAt: AT, endedBy: ['An', 'Bình'] },
      { ...hold, id: 'y', state: 'lapsed', endedAt: AT, case: null, secret: true, owner: null },
    ] as never);
    table.end({ living: 2, ended: 2 });
  });
  linesUp(lines, 'Mã / ID', 'case:c');
  linesUp(lines, 'Phiếu / Case', 'XXL-2026-0001');
  expect(lines[1]).toContain('khi phiếu còn mở / while its case is open');
  expect(lines[1]).toContain('Khiếu nại lần hai, đề nghị xem xét lại / Appeal');
  expect(lines[2]).toMatch(/^20\/11\/2026 10:05 +Đánh giá không hài lòng \/ Bad rating +–/);
  expect(lines[3]).toContain('(không kèm lượt phục vụ, quầy 7, 20/11/2026 10:05 / walk-up at counter 7');
  expect(lines[4]).toContain('đã kết thúc / ended 20/11/2026 10:05: An, Bình');
  expect(lines[5]).toMatch(/đã hết hạn \/ lapsed .*Theo phiếu \/ For a case.*chỉ người được giao/);
});

it('acts: what waits until when, by whom and why, and the id to approve', () => {
  const act = {
    ...{ id: 'a', kind: 'hold-end', object: 'hold:1', state: 'pending', reason: 'Toà án đã trả hồ sơ' },
    ...{ expiresAt: AT, askedBy: { username: 'hung', name: 'Lê Văn Hùng' } },
  };
  const lines = printed(() => printActs([act] as never));
  expect(lines[1]).toMatch(
    /^20\/11\/2026 10:05 +đang chờ \/ waits +Kết thúc bảo lưu \/ End the hold +hold:1/,
  );
  expect(lines[1]?.slice(lines[0]?.indexOf('Mã / ID'))).toBe('a');
  expect(printed(() => printActs([]))).toEqual([]);
});

it('cameras: what each does now, where it stands, and its id', () => {
  const camera = {
    ...{
      id: 'k1',
      name: 'Quầy 1',
      address: 'rtsp://192.0.2.10/main',
      counterIds: ['c', 'd'],
      retentionDays: 30,
    },
    live: { state: 'down', code: 'camera.unreachable' },
    standing: { state: 'no-still', dueAt: null, alarms: [] },
  };
  const lines = printed(() => printCameras([camera, { ...camera, live: null, standing: null }] as never));
  linesUp(lines, 'Mã / ID', 'k1');
  expect(lines[1]).toMatch(
    /^Quầy 1 +mất hình \/ down camera\.unreachable +Chưa có khung hình duyệt \/ No approved still frame +2 +30 +rtsp/,
  );
  expect(lines[2]).toMatch(/^Quầy 1 +– +– /);
});
