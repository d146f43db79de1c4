/**
 * The demo office: people and places of the project's own making, every row marked `demo` so that it can be removed.
 * PINs and passwords are random and leave once, in the answer of `setup`. Refuses: a folder that is set up already.
 */
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { CodedError } from '@hailong/shared/errors.ts';
import type { Role } from '@hailong/shared/protocol/http.ts';
import {
  saveCounter,
  saveOffice,
  saveOfficer,
  saveProcedure,
  saveUnit,
  saveUser,
  setPhoto,
} from '../application/directory/save-directory.ts';
import { createApiKey } from '../application/kiosks/enrol.ts';
import type { AdminParts } from '../application/web-parts.ts';

const ACTOR = 'operator';
const OFFICE = {
  name: 'Trung tâm Phục vụ hành chính công',
  place: 'Phường Bình An',
  phone: '0236 3 000 000',
  retentionDays: 30,
};
const COUNTERS = [
  { number: '5A', name: 'Hộ tịch, chứng thực' },
  { number: '5B', name: 'Đất đai, xây dựng' },
  { number: '6', name: 'Kinh doanh, lao động' },
];
const OFFICERS = [
  { code: 'CB01', name: 'Nguyễn Thị Minh Hạnh', position: 'Chuyên viên', portrait: 'woman-1' },
  { code: 'CB02', name: 'Trần Quốc Bảo', position: 'Chuyên viên', portrait: 'man-1' },
  { code: 'CB03', name: 'Lê Thu Trang', position: 'Viên chức', portrait: 'woman-2' },
  { code: 'CB04', name: 'Phạm Đức Long', position: 'Lao động hợp đồng', portrait: 'man-2' },
  { code: 'CB05', name: 'Đặng Ngọc Mai', position: 'Chuyên viên', portrait: 'woman-3' },
];
const PROCEDURES = [
  { code: '1.001193', name: 'Đăng ký khai sinh' },
  { code: '1.000894', name: 'Đăng ký kết hôn' },
  { code: '1.000656', name: 'Đăng ký khai tử' },
  { code: '2.000815', name: 'Chứng thực bản sao từ bản chính' },
  { code: '2.000884', name: 'Chứng thực chữ ký' },
  { code: '1.004873', name: 'Cấp giấy xác nhận tình trạng hôn nhân' },
  { code: '1.001612', name: 'Đăng ký thành lập hộ kinh doanh' },
  { code: '1.012753', name: 'Đăng ký biến động đất đai' },
  { code: '1.009994', name: 'Cấp giấy phép xây dựng nhà ở riêng lẻ' },
];
const USERS: readonly { username: string; name: string; roles: Role[] }[] = [
  { username: 'quantri', name: 'Quản trị hệ thống', roles: ['admin'] },
  { username: 'xacminh', name: 'Vũ Hải Yến', roles: ['inspector'] },
  { username: 'lanhdao', name: 'Hoàng Văn Thành', roles: ['head'] },
];

/** Readable, about 70 bits. */
function password(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  return Array.from({ length: 3 }, () =>
    Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join(''),
  ).join('-');
}

const pin = (): string => String(randomInt(0, 1_000_000)).padStart(6, '0');

function portrait(name: string): Uint8Array | null {
  const file = new URL(`../../demo/portraits/${name}.png`, import.meta.url);
  return existsSync(file) ? readFileSync(file) : null;
}

export async function seedDemoOffice(parts: AdminParts): Promise<Record<string, unknown>> {
  if (await parts.storage.access.anyUser()) throw new CodedError('setup.done');
  const mark = { id: null, demo: true, actor: ACTOR } as const;
  await saveOffice(parts, { value: OFFICE, actor: ACTOR });
  const unitId = await saveUnit(parts, { ...mark, value: { code: 'BA', name: OFFICE.name } });
  const officers: { id: string; code: string; name: string; pin: string }[] = [];
  for (const { portrait: file, ...each } of OFFICERS) {
    const secret = pin();
    const id = await saveOfficer(parts, { ...mark, value: { ...each, unitId, active: true, pin: secret } });
    const bytes = portrait(file);
    if (bytes) await setPhoto(parts, { id, bytes, actor: ACTOR });
    officers.push({ id, code: each.code, name: each.name, pin: secret });
  }
  const counters: { id: string; number: string; name: string }[] = [];
  for (const each of COUNTERS)
    counters.push({
      id: await saveCounter(parts, { ...mark, value: { ...each, unitId, active: true } }),
      ...each,
    });
  for (const each of PROCEDURES) await saveProcedure(parts, { ...mark, value: { ...each, active: true } });
  const users: { id: string; username: string; password: string; roles: readonly Role[] }[] = [];
  for (const each of USERS) {
    const secret = password();
    const id = await saveUser(parts, { ...mark, value: { ...each, active: true, password: secret } });
    users.push({ id, username: each.username, password: secret, roles: each.roles });
  }
  const api = await createApiKey(parts, {
    name: 'Hệ thống một cửa điện tử (mẫu)',
    counterIds: null,
    readsRatings: true,
    actor: ACTOR,
    demo: true,
  });
  return {
    office: OFFICE.name,
    units: [{ id: unitId, code: 'BA', name: OFFICE.name }],
    ...{ counters, officers, users, procedures: PROCEDURES },
    ...{ apiKeyId: api.id, apiKey: api.key },
  };
}
