/* The log's page has words for the hub's closed list of acts: all of them, and no others. */
import { expect, it } from 'vitest';
import type { AuditAction } from '../../../hub-server/src/domain/audit/audit-entry.ts';
import { auditText, namedAct, namedThing } from '../../../hub-server/web/admin/access/audit-text.ts';

const { vi, en } = auditText;
/** Each act of the hub is named, and nothing is named that the hub does not do: the compiler says so. */
const named: Readonly<Record<AuditAction, string>> = vi.actions;
const known: readonly AuditAction[] = Object.keys(vi.actions) as (keyof typeof vi.actions)[];

it('names every act once in each language', () => {
  for (const words of [named, en.actions]) {
    expect(new Set(Object.values(words)).size).toBe(known.length);
    expect(Object.values(words).filter((word) => word.trim() === '')).toEqual([]);
  }
});

it('says what it is called, or what can be read of it, and nothing twice', () => {
  expect(namedThing('camera:0198c0de-0000-7000-8000-000000000011', 'Camera 5A', vi)).toBe('Camera 5A');
  expect(namedThing('session:0198c0de-0000-7000-8000-000000000011', null, vi)).toBe('Phiên đăng nhập');
  expect(namedThing('case:KN-2026-0012', null, vi)).toBe('Phiếu KN-2026-0012');
  expect(namedThing('hub', null, vi)).toBe('Máy chủ');
});

it('shows a word that it does not know as it stands', () => {
  expect(namedAct('of.tomorrow', vi)).toBe('of.tomorrow');
  expect(namedThing('constructor:7', null, en)).toBe('constructor 7');
});
