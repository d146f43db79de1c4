/*
 * Purpose: `npm test`, the same as `npm run check`: format and lint, types, import law, screens, then every test.
 * `npm test -- WORDS` runs only what matches: steps by their name, test files by their path.
 * The last line is always `N passed, N failed, N skipped`; each step counts as one, each test as one. What cannot run
 * on this machine is listed with its reason before that line. Parses on Node 12.
 */
import { existsSync, mkdirSync, readFileSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { displayPackages, ensureDebian, ensurePackages, faultPackages, firmwarePackages } from './install.js';
import { root, runChild } from './node.js';
import { fail, say } from './say.js';
import { ensureScreens } from './screens.js';

/** What the tests use beyond npm: the media tools, an RTSP server that is not ours and the face of its clock, a display. */
const debianPackages = [
  'ffmpeg',
  'fonts-dejavu-core',
  'python3-gi',
  'gir1.2-gst-rtsp-server-1.0',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-ugly',
  'gstreamer1.0-rtsp',
  // timeoverlay: a clock in the picture
  'gstreamer1.0-x',
  'libexpat1',
  'socat',
  // pdftotext: what a paper says
  'poppler-utils',
].concat(faultPackages, displayPackages, firmwarePackages);

/** Each step keeps one core busy. */
const STEP_LANES = 2;

const summaryFile = join(root, 'tests/.out/summary.json');

function steps(node) {
  const tool =
    (path, ...args) =>
    () =>
      runChild(node, [join(root, 'node_modules', path)].concat(args), { cwd: root });
  // In a third of the time of version 6, which stays for the import law: its tool is blind with 7.
  const types = (project) => tool('typescript-7/bin/tsc', '--noEmit', '--project', project);
  return [
    { name: 'format and lint', run: tool('@biomejs/biome/bin/biome', 'ci', '--colors=off', '.') },
    { name: 'types: node', run: types('tsconfig.json') },
    { name: 'types: kiosk screens', run: types('kiosk-app/renderer/tsconfig.json') },
    { name: 'types: hub screens', run: types('hub-server/web/tsconfig.json') },
    { name: 'types: browser tests', run: types('tests/ui/tsconfig.json') },
    {
      name: 'import law',
      run: tool(
        'dependency-cruiser/bin/dependency-cruiser.mjs',
        '--config',
        '.dependency-cruiser.mjs',
        '--output-type',
        'err-long',
        'shared',
        'device-drivers',
        'kiosk-app',
        'hub-server',
        'scripts',
      ),
    },
    { name: 'screens', run: () => ensureScreens(node).then(() => 0) },
  ];
}

/** Runs one step and says how it went; a step that throws has failed like one that exits with 1. */
async function runStep(step) {
  const startedMs = Date.now();
  let ok = false;
  try {
    ok = (await step.run()) === 0;
  } catch (error) {
    say(error.message);
  }
  process.stdout.write(`${ok ? '✓' : '✗'} ${step.name}  ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`);
  return ok;
}

/** Runs the tests; returns vitest's figures, or one failure when it left none. */
async function runTests(node, words) {
  if (existsSync(summaryFile)) unlinkSync(summaryFile);
  mkdirSync(join(root, 'tests/.out'), { recursive: true });
  // Loaded first, the watcher takes our pipe out of the environment: a test's worker has no such descriptor.
  const watch = pathToFileURL(join(root, 'scripts/watch-parent.js')).href;
  const args = ['--import', watch, join(root, 'node_modules/vitest/vitest.mjs'), 'run'].concat(words);
  // A hub's threads in a test load what the programs load: compiled once, as their bins do it.
  const compiled = join(root, 'node_modules/.cache/compiled');
  const env = { HAILONG_TEST_SUMMARY: summaryFile, NODE_COMPILE_CACHE: compiled };
  // Pictures for the eye, four hundred of the kiosk alone: nobody looks at those of a whole run.
  if (words.length === 0) env.HAILONG_SHOTS = 'off';
  const code = await runChild(node, args, { cwd: root, env });
  if (!existsSync(summaryFile)) return { passed: 0, failed: 1, skipped: [] };
  const figures = JSON.parse(readFileSync(summaryFile, 'utf8'));
  if (code !== 0 && figures.failed === 0) figures.failed = 1;
  return figures;
}

async function main() {
  const words = process.argv.slice(2);
  if (process.stdout.isTTY !== true) process.env.NO_COLOR = '1';
  const node = await ensurePackages();
  const all = steps(node);
  const chosen =
    words.length === 0 ? all : all.filter((step) => words.some((word) => step.name.includes(word)));
  const forVitest = words.filter((word) => !all.some((step) => step.name.includes(word)));
  const withTests = words.length === 0 || forVitest.length > 0;
  // Chosen tests may open screens: they are built first, which costs nothing when they are up to date.
  if (withTests && !chosen.some((step) => step.name === 'screens')) {
    chosen.push(all.find((step) => step.name === 'screens'));
  }
  if (withTests) await ensureDebian(debianPackages);
  let passed = 0;
  let failed = 0;
  let skipped = [];
  const waiting = chosen.slice();
  const lane = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      if (await runStep(step)) passed += 1;
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: STEP_LANES }, lane));
  if (withTests) {
    const figures = await runTests(node, forVitest);
    passed += figures.passed;
    failed += figures.failed;
    skipped = figures.skipped;
  }
  if (skipped.length > 0) process.stdout.write('\nBỏ qua / skipped:\n');
  for (const test of skipped) process.stdout.write(`  ${test.name}: ${test.reason}\n`);
  process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
  return failed === 0 ? 0 : 1;
}

main().then((code) => process.exit(code), fail);
