/**
 * The names of an evidence package's files, and which names a package may have at all. A verifier reads packages that
 * strangers made: a name is judged before anything is opened.
 * Refuses: traversal, absolute paths, drive letters, spaces, markup, control characters, devices of Windows, names that
 * differ in case alone. See shared/PROTOCOL.md, "Evidence package".
 */
export const PACKAGE_VERSION = 'hailong-evidence-v2';
/**
 * Forms that are read. The first one carries less: that its log is the one kiosks signed for, who approved it, which cameras there were and
 * whether its excerpt is whole is not asked of it, and every verifier says so.
 */
export const FIRST_VERSION = 'hailong-evidence-v1';
export const PACKAGE_VERSIONS = [FIRST_VERSION, PACKAGE_VERSION] as const;

export const MANIFEST = 'manifest.json';
export const SUMS = 'SHA256SUMS';
export const SUMS_SIGNATURE = 'SHA256SUMS.sig';
export const HUB_KEY = 'hub.pub';
export const TIMELINE = 'timeline.json';
export const CUSTODY = 'custody.jsonl';
export const CHAIN = 'rating/chain.json';
export const RATING = 'rating/rating.json';
export const CHECKPOINT = 'audit/checkpoint.txt';
export const PROOFS = 'audit/proofs.json';
export const PAPER = 'BIEN-BAN.pdf';
export const GUIDE = 'HUONG-DAN-KIEM-TRA.txt';
export const CHECK_PAGE = 'KIEM-TRA.html';
export const MASTERS = 'media/master/';
export const WORKING = 'media/working/';

/** Signed but not listed: the list itself and its signature. */
export const UNLISTED: ReadonlySet<string> = new Set([SUMS, SUMS_SIGNATURE]);
/** What the manifest does not name: itself, what names it, and the paper that carries its hash. */
export const BEYOND_MANIFEST: ReadonlySet<string> = new Set([MANIFEST, PAPER, SUMS, SUMS_SIGNATURE]);
/** Every package has these. */
export const NEEDED: readonly string[] = [
  ...[MANIFEST, SUMS, SUMS_SIGNATURE, HUB_KEY, TIMELINE, CUSTODY, CHAIN, RATING, CHECKPOINT, PROOFS],
  ...[PAPER, GUIDE, CHECK_PAGE],
];

/** A day of sixteen cameras in four-second segments is 345,600 files; a case is minutes. */
export const FILES_MAX = 100_000;
/** A day of one camera at 8 Mbit/s, twice. */
export const FILE_BYTES_MAX = 200_000_000_000;
/** Texts are read whole; more than this is no text of ours. */
export const TEXT_BYTES_MAX = 64 * 1024 * 1024;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;
const DEVICES = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** At most two folders deep, forward slashes, plain letters: what every system reads alike. */
export function isPackagePath(path: string): boolean {
  const names = path.split('/');
  return (
    names.length <= 3 && names.every((name) => NAME.test(name) && !DEVICES.test(name) && !name.endsWith('.'))
  );
}

/** A name that is shown to a person: without what could be mistaken for anything else. */
export function shownPath(path: string): string {
  const plain = [...path.slice(0, 200)].map((sign) => (/[\x21-\x7e]/.test(sign) ? sign : '?')).join('');
  return path.length > 200 ? `${plain}…` : plain;
}
