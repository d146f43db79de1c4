/**
 * Purpose: the columns of each list that can be imported, under the headers people really type: Vietnamese with or
 * without marks, or English.
 * Refuses: a file whose needed columns are missing or doubled, before any row is judged.
 */
export type ImportKind = 'units' | 'officers' | 'counters' | 'procedures' | 'cameras';
/** Beside the directory: what another system closed. */
export type ListKind = ImportKind | 'closed';

interface Column {
  readonly key: string;
  readonly needed: boolean;
  readonly headers: readonly string[];
}
const column = (key: string, needed: boolean, ...headers: string[]): Column => ({ key, needed, headers });

const ACTIVE = column('active', false, 'active', 'đang dùng', 'đang làm việc', 'hoạt động', 'trạng thái');
const UNIT = column('unit', true, 'unit', 'unit code', 'mã đơn vị', 'đơn vị');
export const IMPORT_COLUMNS: Record<ListKind, readonly Column[]> = {
  units: [
    column('code', true, 'code', 'unit code', 'mã đơn vị', 'mã'),
    column('name', true, 'name', 'unit name', 'tên đơn vị', 'tên'),
  ],
  officers: [
    column('code', true, 'code', 'staff code', 'mã cán bộ', 'mã'),
    column('name', true, 'name', 'full name', 'họ và tên', 'họ tên', 'tên'),
    column('position', true, 'position', 'title', 'chức vụ', 'chức danh'),
    UNIT,
    column('pin', false, 'pin', 'mã pin'),
    ACTIVE,
  ],
  counters: [
    column('number', true, 'number', 'counter', 'số quầy', 'quầy', 'quầy số'),
    column('name', true, 'name', 'counter name', 'tên quầy', 'tên'),
    UNIT,
    ACTIVE,
  ],
  procedures: [
    column('code', true, 'code', 'procedure code', 'mã thủ tục', 'mã'),
    column('name', true, 'name', 'procedure name', 'tên thủ tục', 'tên'),
    ACTIVE,
  ],
  cameras: [
    column('name', true, 'name', 'camera', 'camera name', 'tên camera', 'tên'),
    column('address', true, 'address', 'url', 'địa chỉ'),
    column('user', false, 'user', 'username', 'tài khoản', 'người dùng'),
    column('password', false, 'password', 'mật khẩu'),
    column('counters', true, 'counters', 'counter', 'quầy', 'số quầy', 'các quầy'),
    column('retentionDays', false, 'retention days', 'retention', 'số ngày lưu', 'lưu ngày', 'ngày lưu'),
    column('latencyMs', false, 'latency ms', 'latency', 'độ trễ ms', 'độ trễ'),
    ACTIVE,
  ],
  closed: [
    column('dossier', true, 'dossier', 'dossier code', 'mã hồ sơ', 'số hồ sơ', 'hồ sơ'),
    column(
      'closedAt',
      true,
      'closed at',
      'kết thúc lúc',
      'ngày giờ kết thúc',
      'thời điểm kết thúc',
      'ngày kết thúc',
    ),
    column('step', true, 'step', 'stage', 'bước', 'giai đoạn'),
    column('counter', false, 'counter', 'quầy', 'số quầy', 'quầy số'),
    column('officer', false, 'officer', 'staff code', 'mã cán bộ', 'cán bộ'),
  ],
};

/** Shown as dots in a preview. */
export const SECRET_COLUMNS: ReadonlySet<string> = new Set(['pin', 'password']);

/** Lower case, without marks and signs: `Mã_Cán bộ ` and `ma can bo` are one header. */
export function plainHeader(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

export type HeaderReading =
  | { readonly ok: true; readonly columns: readonly (string | null)[] }
  | { readonly ok: false; readonly missing: readonly string[]; readonly doubled: readonly string[] };

/** Which column each cell of the header names; null: a column of no interest here. */
export function readHeader(kind: ListKind, header: readonly string[]): HeaderReading {
  const known = new Map<string, string>();
  for (const each of IMPORT_COLUMNS[kind])
    for (const name of [each.key, ...each.headers]) {
      const plain = plainHeader(name);
      if (!known.has(plain)) known.set(plain, each.key);
    }
  const columns = header.map((cell) => known.get(plainHeader(cell)) ?? null);
  const doubled = [...new Set(columns.filter((key, at) => key !== null && columns.indexOf(key) !== at))];
  const missing = IMPORT_COLUMNS[kind].filter((each) => each.needed && !columns.includes(each.key));
  if (missing.length > 0 || doubled.length > 0)
    return {
      ok: false,
      missing: missing.map((each) => each.headers.at(1) ?? each.key),
      doubled: doubled as string[],
    };
  return { ok: true, columns };
}
