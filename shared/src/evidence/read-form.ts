/** A text of a package as its form; null: no JSON, not of the form, or not the one canonical text of its value. */
import { canonicalJson } from './canonical-json.ts';

export function readForm<T>(
  text: string,
  form: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
): T | null {
  try {
    const value: unknown = JSON.parse(text);
    const parsed = form.safeParse(value);
    return parsed.success && `${canonicalJson(value)}\n` === text ? parsed.data : null;
  } catch {
    return null;
  }
}

/** As it lies in the package. */
export const formText = (value: unknown): string => `${canonicalJson(value)}\n`;
