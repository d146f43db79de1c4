/** What an administration form has in hand: flat values by key, and errors of the hub placed on their fields. */
import type { Problem } from '../../common/wire.ts';

export type Value = string | boolean | readonly string[];
export type Values = Readonly<Record<string, Value>>;

export interface FieldOf {
  readonly key: string;
  readonly label: string;
  readonly kind: 'text' | 'password' | 'number' | 'check' | 'select' | 'many';
  readonly hint?: string;
  /** Instead of it while something is added. */
  readonly hintNew?: string;
  readonly required?: boolean;
  /** Codes cannot be changed once they stand in events. */
  readonly fixed?: boolean;
  readonly max?: number;
  readonly min?: number;
  readonly options?: readonly { readonly value: string; readonly name: string }[];
}

export function textOf(values: Values, key: string): string {
  const value = values[key];
  return typeof value === 'string' ? value.trim() : '';
}
export function flagOf(values: Values, key: string): boolean {
  return values[key] === true;
}
export function listOf(values: Values, key: string): readonly string[] {
  const value = values[key];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
export function numberOf(values: Values, key: string): number {
  return Number(textOf(values, key));
}

/** The hub's sentence about a field: its `where` names body paths like `name` or `/name` or `body.name`. */
export function errorOf(problem: Problem | null, key: string): string | undefined {
  const found = problem?.where?.filter((each) => each.path.split(/[./]/).includes(key)) ?? [];
  return found.length === 0 ? undefined : found.map((each) => each.message).join(' ');
}
