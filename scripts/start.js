/*
 * Purpose: `npm start` on a bare clone: install what is missing, build the screens, open the demo office.
 * It only prepares; the office itself is hub-server/demo/main.ts under the pinned Node, which gets the options as
 * they are. With --json stdout carries nothing but that program's JSON lines. Parses on Node 12.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureFfmpeg, ensurePackages } from './install.js';
import { root, runChild } from './node.js';
import { fail, Refusal, say } from './say.js';
import { ensureScreens } from './screens.js';

const usage = `npm start -- [--json] [--port P] [--data D] [--fresh]

  Mở văn phòng mẫu: trung tâm, máy ghi hình, một quầy có bàn phím và camera mô phỏng.
  Opens the demo office: hub, recorder, one counter with a simulated panel and camera.

  --json      mỗi dòng stdout là một đối tượng JSON / one JSON object a line on stdout
  --port P    cổng của trung tâm / the hub's port
  --data D    thư mục dữ liệu / the data folder
  --fresh     bắt đầu lại từ đầu / start from empty data
  --help      trang này / this page

  HAILONG_FFMPEG   đường dẫn ffmpeg, nếu không có trên PATH / path of ffmpeg when it is not on PATH

  Mã thoát / exit codes: 0 ok · 1 lỗi, failed · 2 sai cách dùng, usage · 3 cổng hay dữ liệu đang bận, port or data in
  use · 4 không tới được, unreachable
`;

/** Checks the options; returns them as the demo office takes them. */
function readOptions(argv) {
  const options = [];
  const rest = argv.slice();
  while (rest.length > 0) {
    const word = rest.shift();
    const [name, ...tail] = word.split('=');
    if (name === '--json' || name === '--fresh') options.push(name);
    else if (name === '--port' || name === '--data') {
      const value = tail.length > 0 ? tail.join('=') : rest.shift();
      if (!value || (name === '--port' && !(/^\d{1,5}$/.test(value) && Number(value) < 65536))) {
        throw new Refusal(2, `${name} cần một giá trị hợp lệ.`, `${name} needs a valid value.\n\n${usage}`);
      }
      options.push(name, value);
    } else throw new Refusal(2, `Không hiểu "${word}".`, `"${word}" is not an option.\n\n${usage}`);
  }
  return options;
}

async function main() {
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(usage);
    return 0;
  }
  const options = readOptions(argv);
  const node = await ensurePackages();
  const cameras = await ensureFfmpeg();
  await ensureScreens(node);
  const office = join(root, 'hub-server/demo/main.ts');
  if (!existsSync(office))
    throw new Refusal(1, `Thiếu ${office}: hãy lấy lại mã nguồn.`, `${office} is missing: clone again.`);
  say('Mở văn phòng mẫu … (Ctrl-C để đóng)', 'Opening the demo office … (Ctrl-C closes it)');
  const watch = pathToFileURL(join(root, 'scripts/watch-parent.js')).href;
  return runChild(node, ['--import', watch, office].concat(options), {
    env: cameras ? {} : { HAILONG_CAMERAS: 'off' },
  });
}

main().then((code) => process.exit(code), fail);
