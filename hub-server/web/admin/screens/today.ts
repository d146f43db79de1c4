/** `YYYY-MM-DD` of the day it is in Vietnam, wherever the browser stands. */
const VIETNAM_OFFSET_MS = 7 * 3_600_000;

export const today = (): string => new Date(Date.now() + VIETNAM_OFFSET_MS).toISOString().slice(0, 10);
