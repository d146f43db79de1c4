/**
 * Purpose: what a check can find, and where: a closed list with a sentence in both languages, and what no check can see.
 * Refuses: a finding without a place. The first one found is the first bad place; the rest are counted and bounded.
 * Document: hub-server/DESIGN.md, "Verify".
 */

export interface Sentence {
  readonly vi: string;
  readonly en: string;
}

export const FINDINGS = {
  'database.damaged': {
    vi: 'Không đọc được một phần cơ sở dữ liệu.',
    en: 'A part of the database cannot be read.',
  },
  'database.inconsistent': {
    vi: 'Cấu trúc cơ sở dữ liệu hoặc chỉ mục không nhất quán.',
    en: 'The structure or an index of the database is inconsistent.',
  },
  'database.schema': {
    vi: 'Cấu trúc bảng không phải của phiên bản này.',
    en: 'The tables are not those of this version.',
  },
  'identity.key': {
    vi: 'Dữ liệu ghi một khóa máy chủ khác với khóa đang có.',
    en: 'The data names another hub key than the one at hand.',
  },
  'row.unreadable': { vi: 'Một dòng dữ liệu không đọc được.', en: 'A row cannot be read.' },
  'event.hash': {
    vi: 'Nội dung sự kiện không khớp mã băm của nó.',
    en: 'The bytes of an event do not match its hash.',
  },
  'event.link': {
    vi: 'Sự kiện không nối tiếp sự kiện trước nó.',
    en: 'An event does not follow the one before it.',
  },
  'event.hole': { vi: 'Thiếu sự kiện trong chuỗi.', en: 'Events are missing from a chain.' },
  'event.orphan': { vi: 'Sự kiện không thuộc chuỗi nào.', en: 'An event belongs to no chain.' },
  'event.columns': {
    vi: 'Cột của sự kiện khác với nội dung gốc.',
    en: 'The columns of an event say other than its bytes.',
  },
  'head.differs': {
    vi: 'Đầu chuỗi ghi nhận khác với sự kiện cuối cùng.',
    en: 'The head of a chain is not its last event.',
  },
  'device.key': {
    vi: 'Khóa của thiết bị không khớp mã thiết bị.',
    en: 'The key of a device does not match its id.',
  },
  'device.missing': {
    vi: 'Có chuỗi sự kiện nhưng không có thiết bị.',
    en: 'There is a chain but no such device.',
  },
  'device.enrolment': {
    vi: 'Thiết bị không có dòng ghi danh trong nhật ký.',
    en: 'The log holds no enrolment of this device.',
  },
  'signed.signature': {
    vi: 'Chữ ký của thiết bị trên đầu chuỗi không đúng.',
    en: 'The device’s signature of a chain head is wrong.',
  },
  'signed.off_chain': {
    vi: 'Thiết bị đã ký một sự kiện mà chuỗi không có.',
    en: 'The device signed an event that the chain does not hold.',
  },
  'signed.checkpoint': {
    vi: 'Thiết bị đã chứng kiến một trạng thái nhật ký khác.',
    en: 'The device witnessed another state of the log.',
  },
  'log.leaf': {
    vi: 'Dòng nhật ký không khớp mã băm của nó.',
    en: 'A row of the log does not match its hash.',
  },
  'log.hole': { vi: 'Thiếu dòng trong nhật ký.', en: 'Rows are missing from the log.' },
  'log.node': { vi: 'Cây băm của nhật ký sai.', en: 'The hash tree of the log is wrong.' },
  'log.checkpoint': {
    vi: 'Điểm chốt nhật ký không khớp nhật ký hoặc sai chữ ký.',
    en: 'A checkpoint does not match the log, or its signature is wrong.',
  },
  'log.succession': {
    vi: 'Lần khôi phục không có xác nhận hợp lệ của khóa khôi phục.',
    en: 'A restore is not stated by the recovery key.',
  },
  'log.contradicts': {
    vi: 'Nhật ký đã ghi nhận dữ liệu khác với dữ liệu hiện có.',
    en: 'The log committed to other data than what is held.',
  },
  'projection.differs': {
    vi: 'Bảng tổng hợp khác với kết quả tính lại từ sự kiện.',
    en: 'A projected row differs from what the events say.',
  },
  'footage.missing': { vi: 'Thiếu tệp hình.', en: 'A footage file is missing.' },
  'footage.size': { vi: 'Tệp hình sai kích thước.', en: 'A footage file has another size.' },
  'footage.hash': { vi: 'Tệp hình đã bị thay đổi.', en: 'A footage file was changed.' },
  'footage.orphan': {
    vi: 'Có tệp hình mà không dòng nào nói đến, hoặc lẽ ra đã xóa; dùng: hailong-hub footage repair.',
    en: 'A footage file that no row names, or that should be gone; see hailong-hub footage repair.',
  },
  'footage.deleted_early': {
    vi: 'Hình đã xóa “hết hạn lưu” trước khi hết số ngày mà nhật ký ghi cho camera.',
    en: 'Footage went as expired before the days that the log says of its camera were over.',
  },
  'footage.deleted_held': {
    vi: 'Hình đã xóa trong khi nhật ký ghi là đang được giữ.',
    en: 'Footage went while the log says that it was held.',
  },
  'footage.lost_held': {
    vi: 'Tệp hình mất khỏi ổ đĩa trong khi nhật ký ghi là đang được giữ.',
    en: 'A footage file was found gone from the disk while the log says that it was held.',
  },
  'evidence.missing': {
    vi: 'Thiếu thư mục của một hồ sơ trích xuất; dùng: hailong-hub evidence repair.',
    en: 'The folder of an evidence package is missing; see hailong-hub evidence repair.',
  },
  'evidence.altered': {
    vi: 'Hồ sơ trích xuất trên máy chủ không còn như lúc ghi.',
    en: 'An evidence package on the hub is no longer what was written.',
  },
  'evidence.orphan': {
    vi: 'Có thư mục hồ sơ mà không dòng nào nói đến, hoặc lẽ ra đã xóa; dùng: hailong-hub evidence repair.',
    en: 'A folder of a package that no row names, or that should be gone; see hailong-hub evidence repair.',
  },
  'footage.doubled': {
    vi: 'Hai dòng cùng nói về một tệp hình; dùng: hailong-hub footage repair.',
    en: 'Two rows name one footage file; see hailong-hub footage repair.',
  },
  'footage.unindexed': {
    vi: 'Bộ ghi hình không còn dòng của hình này; dùng: hailong-hub footage repair.',
    en: 'The recorder has no row of this footage any more; see hailong-hub footage repair.',
  },
  'footage.untold': {
    vi: 'Chỉ bộ ghi hình giữ dòng của hình này; dùng: hailong-hub footage repair.',
    en: 'Only the recorder keeps the row of this footage; see hailong-hub footage repair.',
  },
  'witness.form': { vi: 'Tệp chứng kiến không đọc được.', en: 'The witness file cannot be read.' },
  'witness.signature': {
    vi: 'Chữ ký của tệp chứng kiến không đúng.',
    en: 'The signature of the witness file is wrong.',
  },
  'witness.other_hub': {
    vi: 'Tệp chứng kiến thuộc máy chủ khác.',
    en: 'The witness file belongs to another hub.',
  },
  'witness.device': {
    vi: 'Máy chủ không biết thiết bị đã chứng kiến.',
    en: 'The hub does not know the device that witnessed.',
  },
  'witness.differs': {
    vi: 'Sự kiện trên máy chủ khác với sự kiện trên thiết bị.',
    en: 'An event at the hub is not the one at the device.',
  },
  'witness.missing': {
    vi: 'Thiết bị có sự kiện mà máy chủ không có: chưa nhận, hoặc đã mất. Nối thiết bị rồi kiểm tra lại.',
    en: 'The device holds events that the hub does not: not received yet, or lost. Connect it and check again.',
  },
  'witness.checkpoint': {
    vi: 'Nhật ký hiện nay không nối tiếp nhật ký mà thiết bị đã chứng kiến.',
    en: 'The log does not follow the one that the device witnessed.',
  },
  'backup.missing': { vi: 'Không có bản sao lưu ở đây.', en: 'There is no backup here.' },
  'backup.manifest': {
    vi: 'Bản kê của bản sao lưu bị hỏng hoặc bị sửa.',
    en: 'The manifest of the backup is damaged or was changed.',
  },
  'backup.signature': {
    vi: 'Bản sao lưu không có chữ ký đúng của máy chủ.',
    en: 'The backup does not carry the hub’s good signature.',
  },
  'backup.file': {
    vi: 'Tệp của bản sao lưu thiếu, thừa hoặc sai kích thước.',
    en: 'A file of the backup is missing, strange or of another size.',
  },
  'backup.block': {
    vi: 'Một khối của tệp sao lưu đã bị thay đổi.',
    en: 'A block of a backup file was changed.',
  },
  'backup.differs': {
    vi: 'Dữ liệu khác với bản sao lưu đã ký trước đây.',
    en: 'The data is not what the backup holds signed.',
  },
} as const satisfies Record<string, Sentence>;
export type FindingCode = keyof typeof FINDINGS;

/** What no check of these files can see. Said, never passed over as good. */
export const UNPROVEN = {
  'event.aside': {
    vi: 'Sự kiện để riêng (cách ly hoặc nhánh): được giữ nhưng không tính.',
    en: 'Events set aside (quarantine or branch): kept, not counted.',
  },
  'event.unsigned': {
    vi: 'Chưa có chữ ký của thiết bị trên các sự kiện này.',
    en: 'No signature of the device covers these events.',
  },
  'event.floor': {
    vi: 'Thiết bị đã xóa phần trước sau khi an toàn; máy chủ không có phần đó.',
    en: 'The device had deleted what lies before as safe; the hub does not hold it.',
  },
  'projection.pending': {
    vi: 'Máy chủ còn đang tính lại; hãy kiểm tra lại khi xong.',
    en: 'The hub is still projecting again; check again when it is done.',
  },
  'event.own_chain': {
    vi: 'Chuỗi của chính máy chủ: chỉ máy chủ ký; ai giữ khóa máy chủ đều làm được.',
    en: 'The hub’s own chain: only the hub signs it; whoever holds its key can make it.',
  },
  'log.unwitnessed': {
    vi: 'Chưa thiết bị nào chứng kiến phần nhật ký này.',
    en: 'No device has witnessed this part of the log.',
  },
  'log.unsigned_lineage': {
    vi: 'Dữ liệu được đặt lại mà không có khóa khôi phục.',
    en: 'Data was put back without the recovery key.',
  },
  'log.left_behind': {
    vi: 'Phần nhật ký mà thiết bị đã chứng kiến không có trong bản khôi phục hợp lệ.',
    en: 'A part of the log that the device witnessed was left behind by a lawful restore.',
  },
  'footage.no_index': {
    vi: 'Không có chỉ mục của bộ ghi hình để so với các dòng của máy chủ.',
    en: 'There is no index of the recorder to compare the hub’s rows with.',
  },
  'footage.not_read': {
    vi: 'Tệp hình chưa được đọc và băm lại (thêm --files).',
    en: 'Footage files were not read and hashed again (add --files).',
  },
  'footage.deletion_open': {
    vi: 'Tệp hình vừa xóa, chưa vào mốc nhật ký nào.',
    en: 'Footage deleted a moment ago, not yet under a signed root.',
  },
  'footage.deletion_late': {
    vi: 'Tệp hình mà nhật ký chỉ ghi nhận trễ hơn 5 phút sau giờ xóa: giờ đó là lời của máy chủ.',
    en: 'Deletions that the log heard of more than 5 minutes after they are said to have happened: that time is the hub’s word.',
  },
  'footage.deleted': {
    vi: 'Tệp hình đã xóa theo thời hạn lưu.',
    en: 'Footage files that retention has deleted.',
  },
  'footage.lost': {
    vi: 'Tệp hình mất khỏi ổ đĩa: không quy tắc hay người nào cho xóa (dòng footage.lost của nhật ký).',
    en: 'Footage files that were found gone from the disk: no rule and nobody let them go (rows footage.lost of the log).',
  },
  'footage.torn_held': {
    vi: 'Tệp hình dở dang, không đọc được và không có dòng: được để lại cho đến khi hết bảo lưu.',
    en: 'A torn footage file that nobody can read and no row names: kept while it is held.',
  },
  'witness.behind': {
    vi: 'Tệp chứng kiến cũ hơn: phần sau chưa được chứng kiến.',
    en: 'The witness file is older: what came later is not witnessed by it.',
  },
  'witness.none': {
    vi: 'Không có tệp chứng kiến: ai giữ mọi khóa của máy chủ có thể viết lại tất cả.',
    en: 'No witness file was given: whoever holds all keys of the hub can have rewritten everything.',
  },
  'rows.unchained': {
    vi: 'Dữ liệu không nằm trong chuỗi hay nhật ký nào: mã PIN và mật khẩu, phiên đăng nhập, yêu cầu, giờ nhận, các đợt kết quả của cán bộ.',
    en: 'What neither a chain nor the log covers: PINs and passwords, logins, intents, times of receipt, released own totals.',
  },
} as const satisfies Record<string, Sentence>;
export type UnprovenCode = keyof typeof UNPROVEN;

export interface Place {
  readonly device?: string | undefined;
  readonly epoch?: string | undefined;
  readonly seq?: number | undefined;
  /** Last number of a range that begins at `seq`. */
  readonly to?: number | undefined;
  /** Number of a log row, from 1. */
  readonly leaf?: number | undefined;
  readonly size?: number | undefined;
  readonly table?: string | undefined;
  readonly key?: string | undefined;
  readonly file?: string | undefined;
  /** Block of a backup file, from 0, and the byte at which it begins. */
  readonly block?: number | undefined;
  readonly byte?: number | undefined;
}
export interface Finding {
  readonly code: FindingCode;
  readonly place: Place;
  readonly detail?: string | undefined;
}
export interface Unproven {
  readonly code: UnprovenCode;
  readonly place: Place;
  readonly detail?: string | undefined;
}

/** Kept for showing; the rest are counted. */
export const FINDINGS_MAX = 50;
const UNPROVEN_MAX = 200;

/** What a run of checks has come to. */
export class Verdict {
  readonly findings: Finding[] = [];
  readonly unproven: Unproven[] = [];
  found = 0;
  unprovenCount = 0;

  find(code: FindingCode, place: Place, detail?: string): void {
    this.found++;
    if (this.findings.length < FINDINGS_MAX) this.findings.push({ code, place, detail });
  }

  cannotProve(code: UnprovenCode, place: Place = {}, detail?: string): void {
    this.unprovenCount++;
    if (this.unproven.length < UNPROVEN_MAX) this.unproven.push({ code, place, detail });
  }

  get first(): Finding | null {
    return this.findings[0] ?? null;
  }
}

const WORDS: readonly (readonly [keyof Place, string, string])[] = [
  ['file', 'tệp', 'file'],
  ['block', 'khối', 'block'],
  ['byte', 'từ byte', 'from byte'],
  ['table', 'bảng', 'table'],
  ['key', 'khóa', 'key'],
  ['leaf', 'dòng nhật ký', 'log row'],
  ['size', 'cỡ nhật ký', 'log size'],
  ['device', 'thiết bị', 'device'],
  ['epoch', 'kỳ', 'epoch'],
  ['seq', 'số', 'number'],
  ['to', 'đến', 'to'],
];

/** The place in words, as long as it is known. */
export function placeText(place: Place, lang: 'vi' | 'en'): string {
  return WORDS.flatMap(([name, vi, en]) =>
    place[name] === undefined ? [] : [`${lang === 'vi' ? vi : en} ${place[name]}`],
  ).join(', ');
}

export function findingText({ code, place }: Finding): Sentence {
  const { vi, en } = FINDINGS[code];
  return { vi: `${vi} (${placeText(place, 'vi')})`, en: `${en} (${placeText(place, 'en')})` };
}

export function unprovenText({ code, place }: Unproven): Sentence {
  const { vi, en } = UNPROVEN[code];
  const [a, b] = [placeText(place, 'vi'), placeText(place, 'en')];
  return a === '' ? { vi, en } : { vi: `${vi} (${a})`, en: `${en} (${b})` };
}
