/**
 * Purpose: KIEM-TRA.html: a package picked or dropped is judged in the browser, offline, by the same code as
 *   `hailong-evidence verify`. Hashes and signatures are computed here in plain JavaScript, so that browsers without
 *   Ed25519 of their own, as offices have them, judge alike.
 * Refuses: to send anything anywhere; its content policy allows no address at all.
 */

import { readKeyDigits } from '@hailong/shared/evidence/hub-key.ts';
import { verifyPackage } from '@hailong/shared/evidence/verify-package.ts';
import { fromBase64Url } from '@hailong/shared/log/base64.ts';
import * as ed25519 from '@noble/ed25519';
import { sha256 as hasher, sha512 } from '@noble/hashes/sha2.js';
import { config } from 'zod';
import { filesDropped, filesOf, type PickedFile, pickedSource } from './picked-folder.ts';
import { showReport } from './report.ts';

// No code is made at run time: the policy would refuse it, and says so aloud.
config({ jitless: true });
ed25519.hashes.sha512 = sha512;

function at<T extends HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(id);
  return found as T;
}
const [drop, folder, key] = [at('drop'), at<HTMLInputElement>('folder'), at<HTMLInputElement>('key')];
const [work, step, progress, result] = [
  at('work'),
  at('step'),
  at<HTMLProgressElement>('progress'),
  at('result'),
];

const join = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, each) => sum + each.length, 0));
  let from = 0;
  for (const each of parts) {
    whole.set(each, from);
    from += each.length;
  }
  return whole;
};

function verify(publicKey: string, bytes: Uint8Array, sig: string): boolean {
  const [raw, signature] = [fromBase64Url(publicKey), fromBase64Url(sig)];
  if (raw?.length !== 32 || signature?.length !== 64) return false;
  try {
    return ed25519.verify(signature, bytes, raw, { zip215: false });
  } catch {
    return false;
  }
}

let turn = 0;
async function judge(picking: Promise<readonly PickedFile[] | null>): Promise<void> {
  const mine = ++turn;
  result.hidden = true;
  work.hidden = false;
  progress.value = 0;
  step.textContent = 'Đang đọc thư mục…';
  const files = await picking.catch(() => null);
  if (mine !== turn) return;
  const typed = key.value.trim();
  const digits = typed === '' ? null : readKeyDigits(typed);
  if (files === null || files.length === 0 || (typed !== '' && digits === null)) {
    work.hidden = true;
    result.hidden = false;
    result.replaceChildren(
      document.createTextNode(
        typed !== '' && digits === null
          ? 'Dãy đối chiếu phải có 32 chữ số 0-9, a-f. / The digits must be 32 of 0-9, a-f.'
          : 'Hãy chọn hoặc kéo đúng một thư mục, không rỗng. / Choose or drop exactly one folder that is not empty.',
      ),
    );
    return;
  }
  step.textContent = 'Đang kiểm tra từng tệp…';
  let shown = 0;
  const report = await verifyPackage(
    pickedSource(files),
    {
      sha256: (...parts) => hasher(parts.length === 1 && parts[0] ? parts[0] : join(parts)),
      newHash: () => hasher.create(),
      verify,
      progress(done, total) {
        if (performance.now() - shown < 100) return;
        shown = performance.now();
        progress.value = total === 0 ? 1 : done / total;
      },
    },
    digits,
  );
  if (mine !== turn) return;
  work.hidden = true;
  result.hidden = false;
  result.replaceChildren(showReport(report));
  result.dataset['turn'] = String(mine);
}

folder.addEventListener('change', () => {
  if (folder.files && folder.files.length > 0) void judge(Promise.resolve(filesOf(folder.files)));
  // The same folder again is another look.
  folder.value = '';
});
// Anywhere on the page: a folder that misses the box must not make the browser leave.
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  drop.classList.add('over');
});
document.addEventListener('dragleave', () => drop.classList.remove('over'));
document.addEventListener('drop', (event) => {
  event.preventDefault();
  drop.classList.remove('over');
  if (event.dataTransfer) void judge(filesDropped(event.dataTransfer.items));
});
