/**
 * What a check of a package can find: a closed list, a sentence in both languages, and always a place.
 * Shared by the command, the page in the package and their tests. Refuses: a finding without a place.
 */
export interface Sentence {
  readonly vi: string;
  readonly en: string;
}

export const FINDINGS = {
  'package.unreadable': {
    vi: 'Không đọc được thư mục hoặc tệp.',
    en: 'The folder or a file cannot be read.',
  },
  'package.name': {
    vi: 'Tên tệp không hợp lệ: hồ sơ trích xuất không bao giờ có tên như vậy. Không mở tệp này.',
    en: 'No package has a file of such a name. Do not open it.',
  },
  'package.link': {
    vi: 'Không phải tệp thường (liên kết hoặc thiết bị).',
    en: 'Not a regular file (a link or a device).',
  },
  'package.too_large': {
    vi: 'Quá nhiều tệp hoặc tệp quá lớn.',
    en: 'Too many files, or one that is too large.',
  },
  'package.missing': { vi: 'Thiếu tệp.', en: 'A file is missing.' },
  'package.strange': {
    vi: 'Tệp lạ, không có trong danh sách đã ký.',
    en: 'A file that the signed list does not name.',
  },
  'key.form': {
    vi: 'hub.pub không phải khóa máy chủ đúng mẫu.',
    en: 'hub.pub is no hub key of the expected form.',
  },
  'key.other': {
    vi: 'Khóa KHÔNG trùng dãy đối chiếu đã in: hồ sơ của máy chủ khác, hoặc giả.',
    en: 'The key does NOT have the printed digits: of another hub, or forged.',
  },
  'key.differs': {
    vi: 'Bản kê ghi một khóa máy chủ khác với hub.pub.',
    en: 'The manifest names another hub key than hub.pub.',
  },
  'sums.form': { vi: 'SHA256SUMS không đúng mẫu.', en: 'SHA256SUMS does not have the expected form.' },
  'sums.signature': {
    vi: 'Chữ ký của SHA256SUMS không đúng với khóa máy chủ.',
    en: 'The signature of SHA256SUMS is not the hub key’s.',
  },
  'file.hash': { vi: 'Nội dung tệp đã khác.', en: 'The content of a file is not what was signed.' },
  'manifest.form': { vi: 'Bản kê không đúng mẫu.', en: 'The manifest does not have the expected form.' },
  'manifest.files': {
    vi: 'Danh sách tệp trong bản kê khác danh sách đã ký.',
    en: 'The manifest lists other files than the signed list.',
  },
  'manifest.gap': {
    vi: 'Có thời gian không hình mà bản kê không nêu, hoặc nêu khác.',
    en: 'Time without footage that the manifest does not state, or states otherwise.',
  },
  'manifest.unsaid': {
    vi: 'Bản kê không nêu một điều mà hồ sơ không chứng minh được.',
    en: 'The manifest leaves unsaid something that the package does not prove.',
  },
  'timeline.form': {
    vi: 'Bảng thời gian không đúng mẫu.',
    en: 'The timeline does not have the expected form.',
  },
  'timeline.differs': {
    vi: 'Bảng thời gian không khớp với tệp hình hoặc bản kê.',
    en: 'The timeline does not agree with the footage or the manifest.',
  },
  'media.broken': { vi: 'Tệp hình không nguyên vẹn.', en: 'A footage file is not whole.' },
  'media.silence': {
    vi: 'Camera ngừng gửi hình trong một đoạn gốc mà bản kê không nêu là không có hình.',
    en: 'The camera sent no picture within a master, and the manifest does not state it as a gap.',
  },
  'media.reencoded': {
    vi: 'Hình trong bản xem không trùng từng bit với các đoạn gốc.',
    en: 'The pictures of a working copy are not, bit for bit, those of its masters.',
  },
  'media.copy': {
    vi: 'Bảng hình của bản xem không phải của các đoạn gốc: khi phát, hình bị bỏ qua hoặc đổi nhịp.',
    en: 'The table of pictures of a working copy is not that of its masters: played, it skips some or goes at another pace.',
  },
  'custody.form': {
    vi: 'Nhật ký bàn giao không đúng mẫu.',
    en: 'The custody log does not have the expected form.',
  },
  'custody.chain': {
    vi: 'Một dòng nhật ký bàn giao không nối với dòng trước.',
    en: 'A line of the custody log does not follow the one before it.',
  },
  'custody.people': {
    vi: 'Người yêu cầu và người duyệt nêu trong bản kê không phải hai người mà nhật ký máy chủ ghi.',
    en: 'Who asked and who approved are not, as the manifest names them, the two people in the hub’s log.',
  },
  'custody.unproven': {
    vi: 'Một dòng nhật ký bàn giao không có trong nhật ký máy chủ đã ký.',
    en: 'A line of the custody log is not proven to lie in the hub’s signed log.',
  },
  'audit.form': { vi: 'Bằng chứng nhật ký không đúng mẫu.', en: 'The proofs do not have the expected form.' },
  'audit.checkpoint': {
    vi: 'Mốc nhật ký không do khóa máy chủ này ký, hoặc không phải của nhật ký mà bản kê nêu.',
    en: 'The checkpoint is not signed by this hub key, or not of the log that the manifest names.',
  },
  'audit.witness': {
    vi: 'Thiết bị tại quầy đã ký nhận một nhật ký khác với nhật ký trong hồ sơ: nhật ký đã bị thay hoặc bị cắt ngắn.',
    en: 'A kiosk signed for another log than the one in this package: the log was exchanged or cut short.',
  },
  'audit.proof': {
    vi: 'Một dòng không nằm trong nhật ký máy chủ đã ký.',
    en: 'A row is not in the hub’s signed log.',
  },
  'audit.segment': {
    vi: 'Đoạn gốc khác với đoạn máy chủ đã cam kết trong nhật ký.',
    en: 'A master is not the segment that the hub’s log committed to.',
  },
  'audit.omitted': {
    vi: 'Nhật ký cam kết một đoạn ghi của khoảng này mà hồ sơ không giao và không nêu đã mất.',
    en: 'The hub’s log committed to a segment of this interval that is neither delivered nor named as gone.',
  },
  'audit.deletion': {
    vi: 'Bản kê nói khác nhật ký máy chủ về việc xóa hình: lý do, ai, lúc nào.',
    en: 'Of deleted footage the manifest says otherwise than the hub’s log: why, by whom or when.',
  },
  'audit.map': {
    vi: 'Bản kê nói khác nhật ký bàn giao về việc bỏ camera khỏi sơ đồ quầy, hoặc không nêu camera đã bị bỏ.',
    en: 'Of a camera that was taken out of the map the manifest says otherwise than the custody log, or leaves the camera out.',
  },
  'rating.form': {
    vi: 'Trích chuỗi sự kiện không đúng mẫu.',
    en: 'The excerpt of the chain does not have the expected form.',
  },
  'rating.differs': {
    vi: 'Kết quả đánh giá nêu trong hồ sơ khác với các sự kiện đã giao của chuỗi.',
    en: 'The rating as the hub states it does not follow from the disclosed events of the chain.',
  },
  'rating.certificate': {
    vi: 'Thiết bị không có giấy ghi danh do máy chủ này ký.',
    en: 'A device has no enrolment certificate of this hub.',
  },
  'rating.chain': {
    vi: 'Sự kiện không nối tiếp nhau theo mã băm.',
    en: 'Events do not follow one another by their hashes.',
  },
  'rating.signature': {
    vi: 'Chữ ký của thiết bị trên chuỗi sự kiện không đúng.',
    en: 'A device’s signature over its chain is not good.',
  },
} as const satisfies Record<string, Sentence>;
export type FindingCode = keyof typeof FINDINGS;

export interface Finding {
  readonly code: FindingCode;
  /** A file, a camera, a line: never a name as it came from a stranger (`shownPath`). */
  readonly where: string;
}

/** A forged package of a hundred thousand files must not fill a screen. */
const KEPT = 200;
/** Whatever else a stranger wrote could paint a terminal over, or be read from right to left. */
const plain = (where: string): string => where.slice(0, 240).replace(/[^\x20-\x7e·…]/gu, '?');

export class Findings {
  readonly #kept: Finding[] = [];
  #count = 0;

  find(code: FindingCode, where: string): void {
    this.#count++;
    if (this.#kept.length < KEPT) this.#kept.push({ code, where: plain(where) });
  }
  /** All of them, also those beyond the first ones. */
  get count(): number {
    return this.#count;
  }
  get kept(): readonly Finding[] {
    return this.#kept;
  }
}
