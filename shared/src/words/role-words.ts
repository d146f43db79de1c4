/** Who somebody is on the web pages, as people read it: the one home of these words. */
import type { Role } from '../protocol/http.ts';

export const ROLE_WORDS: Readonly<Record<'vi' | 'en', Readonly<Record<Role, string>>>> = {
  vi: { admin: 'Quản trị hệ thống', inspector: 'Người xác minh', head: 'Lãnh đạo' },
  en: { admin: 'Administrator', inspector: 'Inspector', head: 'Head' },
};

const KNOWN = {
  vi: new Map(Object.entries(ROLE_WORDS.vi)),
  en: new Map(Object.entries(ROLE_WORDS.en)),
} as const;
/** A role that is newer than these words is shown as it is. */
export const roleWords = (role: string, lang: 'vi' | 'en'): string => KNOWN[lang].get(role) ?? role;
