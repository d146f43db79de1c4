/** What was found, as a page: text nodes alone, so that no name of a forged package becomes markup. */
import { FINDINGS, type Sentence } from '@hailong/shared/evidence/findings.ts';
import type { PackageCamera, PackageManifest } from '@hailong/shared/evidence/manifest.ts';
import { FIRST_FORM, NOT_PROVEN } from '@hailong/shared/evidence/not-proven.ts';
import { FIRST_VERSION } from '@hailong/shared/evidence/package-files.ts';
import type { PackageReport } from '@hailong/shared/evidence/verify-package.ts';
import { VIETNAM_OFFSET_MS } from '@hailong/shared/time.ts';
import { gapSentence } from '@hailong/shared/words/gap-words.ts';
import { playTime } from '@hailong/shared/words/play-time.ts';

/** The first ones say what happened; a forged folder of thousands need not be scrolled through. */
const SHOWN = 20;

type Child = Node | string;

function el(name: string, children: readonly Child[] = [], className = ''): HTMLElement {
  const node = document.createElement(name);
  if (className) node.className = className;
  node.append(...children);
  return node;
}
function english(text: string): HTMLElement {
  const node = el('span', [text]);
  node.lang = 'en';
  return node;
}
const both = ({ vi, en }: Sentence): Child[] => [`${vi} `, english(en)];

const two = (value: number): string => String(value).padStart(2, '0');
function vietnamTime(at: number): string {
  const local = new Date(at + VIETNAM_OFFSET_MS);
  const time = [local.getUTCHours(), local.getUTCMinutes(), local.getUTCSeconds()].map(two).join(':');
  return `${time} ${two(local.getUTCDate())}/${two(local.getUTCMonth() + 1)}/${local.getUTCFullYear()}`;
}
const span = ({ from, to }: { readonly from: number; readonly to: number }): string =>
  `${vietnamTime(from)} – ${vietnamTime(to)}`;

function facts(rows: readonly (readonly [string, Child | null])[]): HTMLElement {
  const list = el('dl');
  for (const [label, value] of rows) if (value !== null) list.append(el('dt', [label]), el('dd', [value]));
  return list;
}

export function showReport(report: PackageReport): HTMLElement {
  const { good, findings, found, manifest } = report;
  const page = el('div');
  page.dataset['verdict'] = good ? 'good' : 'bad';
  page.append(good ? verdict(report) : el('p', both(BAD), 'verdict bad'));
  if (findings.length > 0) {
    const list = el('ul');
    for (const { code, where } of findings.slice(0, SHOWN)) {
      const item = el('li', [el('code', [where]), ': ', ...both(FINDINGS[code])]);
      item.dataset['code'] = code;
      list.append(item);
    }
    if (found > SHOWN) list.append(el('li', [`… ${found - SHOWN}`]));
    page.append(el('h3', ['Sai ở đâu ', english('What is wrong')]), list);
  }
  if (report.keyDigits !== null)
    page.append(
      el(
        'p',
        report.keyCompared
          ? ['Khóa máy chủ trùng dãy đã in: ', el('code', [report.keyDigits])]
          : [
              'Chưa so khóa. So dãy này với dãy đã in của cơ quan: ',
              el('code', [report.keyDigits]),
              ' ',
              english('Compare with the printed digits.'),
            ],
        report.keyCompared ? '' : 'warn',
      ),
    );
  if (manifest && good) page.append(...about(report, manifest));
  return page;
}

const BAD: Sentence = {
  vi: '✗ Hồ sơ KHÔNG nguyên vẹn',
  en: 'The package is not what was signed: do not rely on it as it is.',
};
function verdict({ files, bytes }: PackageReport): HTMLElement {
  const size = (bytes / 1_048_576).toFixed(1);
  return el(
    'p',
    [
      '✓ Hồ sơ nguyên vẹn',
      el('span', [`${files} tệp, ${size.replace('.', ',')} MiB, ký bằng khóa nêu dưới đây.`]),
      english(`Whole and unchanged: ${files} files, ${size} MiB, signed by the key below.`),
    ],
    'verdict good',
  );
}

function servedWords({ counter, openedAt, finishedAt }: NonNullable<PackageManifest['transaction']>): string {
  const since = openedAt === null ? 'không rõ lúc bắt đầu' : `từ ${vietnamTime(openedAt)}`;
  return `${counter}, ${since}, ${finishedAt === null ? 'chưa rõ lúc kết thúc' : `đến ${vietnamTime(finishedAt)}`}`;
}

function about(report: PackageReport, manifest: PackageManifest): HTMLElement[] {
  const { case: held, transaction, requestedBy, approvedBy, hub } = manifest;
  const limits = el('ul');
  if (manifest.v === FIRST_VERSION) limits.append(el('li', both(FIRST_FORM)));
  for (const code of manifest.notProven) limits.append(el('li', both(NOT_PROVEN[code])));
  return [
    el('h3', ['Hồ sơ ', english('The package')]),
    facts([
      ['Cơ quan', [hub.office, hub.place].filter(Boolean).join(', ')],
      ['Số phiếu', `${held.number} (${held.documentNumber})`],
      ['Mục đích', manifest.purpose],
      ['Căn cứ pháp lý', manifest.legalBasis],
      ['Người yêu cầu', `${requestedBy.name}, ${vietnamTime(requestedBy.at)}`],
      ['Người duyệt', `${approvedBy.name}, ${vietnamTime(approvedBy.at)}`],
      ['Lượt phục vụ', transaction && servedWords(transaction)],
      ['Khoảng yêu cầu', span(manifest.asked)],
      ['Mã băm hồ sơ', el('code', [report.packageHash ?? ''])],
    ]),
    ...manifest.cameras.flatMap(cameraFacts),
    el('h3', ['Hồ sơ này KHÔNG chứng minh ', english('Not proven by this package')]),
    limits,
  ];
}

function cameraFacts(camera: PackageCamera): HTMLElement[] {
  const list = el('ul');
  for (const each of camera.delivered) list.append(el('li', [`Có hình: ${span(each)}`]));
  for (const each of camera.gaps)
    list.append(
      el('li', [
        `KHÔNG có hình: ${span(each)}: ${gapSentence(each, 'vi', vietnamTime)} `,
        english(gapSentence(each, 'en', vietnamTime)),
      ]),
    );
  for (const { path, masters, playFrom } of camera.working)
    list.append(
      el('li', [
        `${path}: ${masters.length} đoạn gốc, trùng từng bit, không mã hóa lại; xem từ ${playTime(playFrom)}`,
      ]),
    );
  return [el('h3', [`Camera “${camera.name}”`]), list];
}
