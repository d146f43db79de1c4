/**
 * HUONG-DAN-KIEM-TRA.txt: how anybody checks the package with coreutils and openssl alone, and by the page. The commands
 * are run by tests as they stand here.
 */
import { createHash } from 'node:crypto';
import { keyDigits } from '@hailong/shared/evidence/hub-key.ts';
import type { PackageManifest } from '@hailong/shared/evidence/manifest.ts';

type Head = Pick<PackageManifest, 'hub' | 'case' | 'id'>;

/** The last 32 bytes of hub.pub: an Ed25519 key, if it is one. */
const KEY = 'openssl pkey -pubin -in hub.pub -outform DER | tail -c 32';
/**
 * What makes 32 bytes the DER of an Ed25519 key (RFC 8410): the signature is checked by the bytes whose digits were compared.
 * A key of another kind may end in any 32 bytes, the office's own among them.
 */
const AS_ED25519 = String.raw`printf '\060\052\060\005\006\003\053\145\160\003\041\000'`;
/** Every listed name stands twice, once in the list and once in the folder; whatever else there is does not. */
const LISTED = `printf '%s\\n' ./SHA256SUMS ./SHA256SUMS.sig; cut -c 67- SHA256SUMS | while IFS= read -r f; do printf './%s\\n' "$f"; done`;
/**
 * Signs that no package has in a name become `?`, a newline too: two names can become one by it, a file's that of a folder. So whatever
 * holds one is shown at once, as an error, and is neither counted nor asked whether it is a folder.
 */
const THERE = String.raw`du -al0 | cut -z -f 2- | tr -c 'A-Za-z0-9._/\0-' '?' | tr '\0' '\n' | while IFS= read -r f; do case "$f" in *\?*) printf '%s\n' "$f" >&2;; *) [ -d "$f" ] && [ ! -L "$f" ] || printf '%s\n' "$f";; esac; done`;
const NOT_TWICE = `sort | uniq -c | while read -r n f; do [ "$n" = 2 ] || printf '%s\\n' "$f"; done`;

/** BSD's `du` knows no -0 and its `cut` no -z; LibreSSL no -rawin. */
const MACOS =
  'brew install coreutils openssl@3; export PATH="$(brew --prefix coreutils)/libexec/gnubin:$(brew --prefix openssl@3)/bin:$PATH"';

/** What every Windows has; the paper names it too. */
export const PAGE_COMMAND = 'certutil -hashfile KIEM-TRA.html SHA256';

export const GUIDE_COMMANDS: readonly string[] = [
  `${KEY} | sha256sum | cut -c 1-32 | fold -w 4 | paste -s -d ' ' -`,
  `{ ${AS_ED25519}; ${KEY}; } | openssl pkeyutl -verify -pubin -keyform DER -inkey /dev/stdin -rawin -in SHA256SUMS -sigfile SHA256SUMS.sig`,
  'sha256sum --check --strict --quiet SHA256SUMS',
  `(export LC_ALL=C; { ${LISTED}; ${THERE}; } | ${NOT_TWICE})`,
  `{ printf '%s\\n' SHA256SUMS SHA256SUMS.sig; cut -c 67- SHA256SUMS; } | while IFS= read -r f; do [ ! -L "$f" ] || printf '%s\\n' "$f"; done`,
];

/** `page`: SHA-256 of the KIEM-TRA.html that goes along. */
export function guideText({ hub, case: held, id }: Head, page: string): string {
  const digits = keyDigits(createHash('sha256').update(Buffer.from(hub.key, 'base64url')).digest('hex'));
  const [key, signature, files, names, links] = GUIDE_COMMANDS;
  return `HƯỚNG DẪN KIỂM TRA HỒ SƠ TRÍCH XUẤT   (English below)
${held.number} · ${id}

Dãy đối chiếu của khóa máy chủ: ${digits}
So dãy này với dãy ĐÃ IN của cơ quan (sổ khóa, biên bản đã ký), không chỉ với dãy trong thư mục này:
ai làm giả cả thư mục thì cũng in được dãy của họ ở đây.

CÁCH 1 - Máy Windows, không cần mạng
  Trước hết là chính trang kiểm tra: ai làm giả cả thư mục thì làm giả được cả trang. Mở dấu nhắc lệnh trong thư mục này, gõ
      ${PAGE_COMMAND}
  và so với mã in trên biên bản GIẤY đã ký; khi giao, mã ấy là
      ${page}
  Mã khác, hoặc không có bản giấy: đừng mở trang này, lấy trang ở máy chủ của cơ quan, địa chỉ http(s)://TÊN-MÁY-CHỦ/KIEM-TRA.html.
  Máy chủ nâng cấp rồi thì trang ở đó có mã khác, và vẫn kiểm tra được hồ sơ này.
  Mở trang bằng Chrome, Edge hoặc Firefox. Bấm "Chọn thư mục" (hoặc kéo thư mục này vào trang). Trang không gửi gì ra ngoài.

CÁCH 2 - Linux hoặc macOS, chỉ dùng coreutils (từ 8.25) và openssl 3. Mở dấu nhắc lệnh TRONG thư mục này:
  (macOS chỉ có sẵn bản khác của du, cut và openssl, báo lỗi ở các lệnh dưới đây. Trước hết:
   ${MACOS})

  1. Khóa: phải hiện đúng dãy đã in
     ${key}
  2. Chữ ký: phải hiện "Signature Verified Successfully"
     ${signature}
  3. Từng tệp: không được hiện gì
     ${files}
  4. Không thừa tệp nào, không liên kết nào: không được hiện gì
     ${names}
     ${links}

CÁCH 3 - Đầy đủ nhất: hailong-evidence verify THU-MUC --hub-key "${digits}"
  Kiểm tra cả chuỗi sự kiện, nhật ký máy chủ và việc bản xem trùng từng bit với đoạn gốc.

CÁCH 2 chỉ kiểm tra chữ ký và từng byte. Trong đoạn gốc có lúc camera ngừng gửi hình mà bản kê không nêu hay không,
nhật ký có bỏ sót đoạn nào không, trích chuỗi sự kiện của lượt có trọn và đúng giờ không: CÁCH 1 và CÁCH 3 mới đọc được.

Biên bản (BIEN-BAN.pdf) ghi mã băm hồ sơ: đó là SHA-256 của manifest.json (sha256sum manifest.json).
Ký số vào MỘT BẢN SAO của biên bản để NGOÀI thư mục này: mọi thay đổi bên trong đều bị phát hiện.

----------------------------------------------------------------------------------------------------
HOW TO CHECK THIS PACKAGE
Digits of the hub's key: ${digits}
Compare them with the PRINTED ones of the office, not only with those in this folder.
1. KIEM-TRA.html in any browser, offline: choose or drop this folder. First of all the page itself: whoever forged the folder can have
   forged the page. Compare what   ${PAGE_COMMAND}   says with the SHA-256 on the signed PAPER; when handed over it was
   ${page}.
   If it differs, or there is no paper, do not open this page: take the one at the office's server, http(s)://SERVER/KIEM-TRA.html.
   After an upgrade of the server that page has another SHA-256, and checks this package all the same.
2. coreutils (8.25 or later) and openssl 3, inside this folder: the commands above. 1 shows the printed digits, 2 says "Signature
   Verified Successfully", 3 and 4 print nothing. macOS brings other versions of du, cut and openssl, which fail: the line above in
   brackets installs these first.
3. hailong-evidence verify FOLDER --hub-key "DIGITS" checks chain, log and media as well.
2 checks the signature and every byte. Whether a camera paused inside a master without the manifest saying so, or the log knows
of a master that is not here, whether the turn's events are whole and at the stated time, only 1 and 3 can read.
The paper names SHA-256 of manifest.json. Sign a COPY of it outside this folder.
`;
}
