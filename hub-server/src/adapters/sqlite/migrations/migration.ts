/** One step forward. Numbers are never reused, released SQL is never edited. */
export interface Migration {
  readonly version: number;
  readonly sql: string;
}
