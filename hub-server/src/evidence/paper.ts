/**
 * BIEN-BAN.pdf: the record of handing over, in Vietnamese, with the package's hash, for signatures by hand and for the
 * agency's digital one. The font comes from a package (Be Vietnam Pro, SIL Open Font License) and is embedded.
 * The same manifest gives the same text; names from the database are drawn as text and nothing else.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { keyDigits } from '@hailong/shared/evidence/hub-key.ts';
import type { PackageCamera, PackageManifest } from '@hailong/shared/evidence/manifest.ts';
import { NOT_PROVEN } from '@hailong/shared/evidence/not-proven.ts';
import { CHECK_PAGE } from '@hailong/shared/evidence/package-files.ts';
import { caseWords } from '@hailong/shared/words/case-words.ts';
import { gapSentence } from '@hailong/shared/words/gap-words.ts';
import { playTime } from '@hailong/shared/words/play-time.ts';
import PDFDocument from 'pdfkit';
import { PAGE_COMMAND } from './guide.ts';
import { inGroups, secondsOf, vietnamTime } from './words.ts';

const require = createRequire(import.meta.url);
const FONTS = '@expo-google-fonts/be-vietnam-pro';
const REGULAR = require.resolve(`${FONTS}/400Regular/BeVietnamPro_400Regular.ttf`);
const BOLD = require.resolve(`${FONTS}/600SemiBold/BeVietnamPro_600SemiBold.ttf`);
const [SIZE, SMALL, MARGIN] = [10.5, 9, 56];
/** A day of gaps must not become a book: the manifest has them all. */
const GAPS_SHOWN = 60;

type Doc = InstanceType<typeof PDFDocument>;

/** What a font cannot draw and a reader cannot see. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, ' ');

export function drawPaper(manifest: PackageManifest, packageHash: string): Promise<Buffer> {
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: MARGIN, lang: 'vi', font: REGULAR, bufferPages: true },
    info: {
      Title: `Biên bản trích xuất dữ liệu camera ${manifest.case.number}`,
      Author: manifest.hub.office,
      CreationDate: new Date(manifest.at),
      ModDate: new Date(manifest.at),
    },
  });
  const pieces: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (piece: Buffer) => pieces.push(piece));
    doc.on('end', () => resolve(Buffer.concat(pieces)));
    doc.on('error', reject);
  });
  doc.registerFont('plain', REGULAR);
  doc.registerFont('bold', BOLD);
  drawHead(doc, manifest);
  drawWho(doc, manifest);
  drawFootage(doc, manifest);
  drawHashes(doc, manifest, packageHash);
  drawLimits(doc, manifest);
  drawSignatures(doc);
  drawFeet(doc, manifest, packageHash);
  doc.end();
  return whole;
}

function line(
  doc: Doc,
  text: string,
  options: { bold?: boolean; size?: number; align?: 'center' | 'left' } = {},
): void {
  doc
    .font(options.bold ? 'bold' : 'plain')
    .fontSize(options.size ?? SIZE)
    .text(plain(text), { align: options.align ?? 'left', paragraphGap: 3 });
}

function fact(doc: Doc, label: string, value: string): void {
  doc.font('bold').fontSize(SIZE).text(`${label}: `, { continued: true, paragraphGap: 3 });
  doc.font('plain').text(plain(value));
}

function section(doc: Doc, title: string): void {
  doc.moveDown(0.6);
  if (doc.y > doc.page.height - MARGIN - 70) doc.addPage();
  line(doc, title, { bold: true, size: 11.5 });
}

function drawHead(doc: Doc, { hub, case: held, at }: PackageManifest): void {
  line(doc, 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', { bold: true, align: 'center' });
  line(doc, 'Độc lập - Tự do - Hạnh phúc', { align: 'center' });
  doc.moveDown(0.6);
  line(doc, [hub.office, hub.place].filter(Boolean).join(', '), { align: 'center' });
  doc.moveDown(0.6);
  line(doc, 'BIÊN BẢN TRÍCH XUẤT DỮ LIỆU CAMERA', { bold: true, size: 15, align: 'center' });
  line(doc, `Hồ sơ ${held.number}, lập lúc ${vietnamTime(at)}`, { align: 'center' });
}

function drawWho(doc: Doc, manifest: PackageManifest): void {
  const { case: held, purpose, legalBasis, requestedBy, approvedBy, transaction } = manifest;
  section(doc, '1. Căn cứ và người thực hiện');
  fact(doc, 'Loại phiếu', `${caseWords(held.type, 'vi')}, văn bản giao việc số ${held.documentNumber}`);
  fact(doc, 'Mục đích', purpose);
  fact(doc, 'Căn cứ pháp lý', legalBasis);
  fact(doc, 'Người yêu cầu', `${requestedBy.name}, ${vietnamTime(requestedBy.at)}`);
  fact(doc, 'Người duyệt', `${approvedBy.name}, ${vietnamTime(approvedBy.at)}`);
  if (transaction === null) return;
  const { counter, openedAt, finishedAt, dossierCodes } = transaction;
  const since = openedAt === null ? 'không rõ lúc bắt đầu' : `từ ${vietnamTime(openedAt)}`;
  const until = finishedAt === null ? 'chưa rõ lúc kết thúc' : `đến ${vietnamTime(finishedAt)}`;
  fact(doc, 'Lượt phục vụ', `${counter}, ${since}, ${until}`);
  if (dossierCodes.length > 0) fact(doc, 'Mã hồ sơ', dossierCodes.join(', '));
}

function drawFootage(doc: Doc, manifest: PackageManifest): void {
  const { asked, cameras, kioskBoundMs, transaction } = manifest;
  section(doc, '2. Dữ liệu giao');
  fact(doc, 'Khoảng thời gian yêu cầu', `${vietnamTime(asked.from)} đến ${vietnamTime(asked.to)}`);
  // An interval is stated by the hub's clock: no other one is in it.
  if (transaction !== null)
    fact(
      doc,
      'Sai số đồng hồ tại quầy',
      kioskBoundMs === null ? 'không xác định' : `± ${secondsOf(kioskBoundMs, 2)} giây`,
    );
  for (const camera of cameras) drawCamera(doc, camera);
  if (cameras.length === 0) line(doc, 'Không có camera nào quay quầy này trong khoảng thời gian trên.');
}

function drawCamera(doc: Doc, camera: PackageCamera): void {
  const masters = camera.working.reduce((sum, { masters: all }) => sum + all.length, 0);
  doc.moveDown(0.3);
  line(doc, `Camera “${camera.name}”`, { bold: true });
  for (const { from, to } of camera.delivered)
    line(doc, `• có hình từ ${vietnamTime(from)} đến ${vietnamTime(to)}`);
  for (const gap of camera.gaps.slice(0, GAPS_SHOWN)) {
    const why = gapSentence(gap, 'vi', vietnamTime);
    line(doc, `• KHÔNG có hình từ ${vietnamTime(gap.from)} đến ${vietnamTime(gap.to)}: ${why}`);
  }
  if (camera.gaps.length > GAPS_SHOWN)
    line(doc, `• và ${camera.gaps.length - GAPS_SHOWN} khoảng trống nữa, nêu trong manifest.json`);
  for (const { path, playFrom, masters: all } of camera.working)
    line(doc, `• ${path}: ghép ${all.length} đoạn gốc, xem từ ${playTime(playFrom)}`, { size: SMALL });
  line(
    doc,
    `${masters} đoạn gốc. Thời điểm thật của một hình: sớm hơn tối đa ${secondsOf(camera.boundBeforeMs, 1)} giây, ` +
      `muộn hơn tối đa ${secondsOf(camera.boundAfterMs, 1)} giây so với giờ ghi.`,
    { size: SMALL },
  );
}

function drawHashes(doc: Doc, { hub, files }: PackageManifest, packageHash: string): void {
  section(doc, '3. Mã băm và khóa');
  line(doc, 'Mã băm hồ sơ (SHA-256 của manifest.json):');
  line(doc, inGroups(packageHash), { bold: true });
  line(doc, 'Dãy đối chiếu của khóa máy chủ (so với dãy đã in của cơ quan):');
  const digits = keyDigits(createHash('sha256').update(Buffer.from(hub.key, 'base64url')).digest('hex'));
  line(doc, digits, { bold: true });
  const page = files.find(({ path }) => path === CHECK_PAGE);
  if (page) {
    line(doc, `Trang kiểm tra ${CHECK_PAGE} (SHA-256; trên Windows: ${PAGE_COMMAND}):`);
    line(doc, inGroups(page.sha256), { bold: true });
    const small = { size: SMALL };
    line(doc, 'Mã khác thì không mở trang trong thư mục, lấy trang ở máy chủ của cơ quan:', small);
    // Of its own: an address that is broken at a hyphen is typed wrong.
    line(doc, `http(s)://TÊN-MÁY-CHỦ/${CHECK_PAGE}`, small);
    line(doc, 'Máy chủ nâng cấp rồi thì trang ở đó có mã khác, và vẫn kiểm tra được hồ sơ này.', small);
  }
  line(
    doc,
    `${files.length} tệp được kê trong manifest.json; manifest.json và biên bản này được kê trong SHA256SUMS, do máy chủ ký ` +
      '(Ed25519). Các đoạn gốc được băm khi ghi, không phải khi trích xuất; bản xem ghép từ đoạn gốc, không mã hóa lại.',
    { size: SMALL },
  );
}

function drawLimits(doc: Doc, { notProven }: PackageManifest): void {
  section(doc, '4. Những điều hồ sơ này KHÔNG chứng minh');
  for (const code of notProven) line(doc, `• ${NOT_PROVEN[code].vi}`, { size: SMALL });
}

function drawSignatures(doc: Doc): void {
  if (doc.y > doc.page.height - MARGIN - 130) doc.addPage();
  doc.moveDown(1.2);
  const width = (doc.page.width - 2 * MARGIN) / 3;
  const top = doc.y;
  for (const [index, title] of ['NGƯỜI YÊU CẦU', 'NGƯỜI DUYỆT', 'NGƯỜI NHẬN'].entries()) {
    doc
      .font('bold')
      .fontSize(SIZE)
      .text(title, MARGIN + index * width, top, { width, align: 'center' });
    doc
      .font('plain')
      .fontSize(SMALL)
      .text('(ký, ghi rõ họ tên)', MARGIN + index * width, top + 16, { width, align: 'center' });
  }
}

function drawFeet(doc: Doc, { case: held }: PackageManifest, packageHash: string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    doc.switchToPage(page);
    // Below the margin a text would begin another page.
    doc.page.margins.bottom = 0;
    doc
      .font('plain')
      .fontSize(8)
      .text(
        `${plain(held.number)} · ${packageHash.slice(0, 16)}… · trang ${page - start + 1}/${count}`,
        MARGIN,
        doc.page.height - 36,
        { width: doc.page.width - 2 * MARGIN, align: 'center', lineBreak: false },
      );
  }
}
