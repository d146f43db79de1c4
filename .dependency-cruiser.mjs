/*
 * The import law: who may import whom. Each arrow is one rule, and its comment says where the code should go instead.
 * Each rule has a fixture of its name under tests/law/fixtures that must break it and nothing else (tests/law).
 * TypeScript stays below 7: with 7 dependency-cruiser sees no TypeScript import and passes blindly.
 */

/** The inside of the two layered programs. */
const layered = '^(kiosk-app/agent|hub-server/src)';
const npmTypes = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'];
const ours = '^(shared|device-drivers|kiosk-app|hub-server|scripts|tests)/';

export default {
  forbidden: [
    {
      name: 'shared-imports-only-zod',
      comment:
        'shared/ is the language every program speaks: it imports zod and nothing else. Pass the rest in as a function or declare a port, and put the code that does the work in the program that needs it.',
      severity: 'error',
      from: { path: '^shared/' },
      to: {
        pathNot: ['^shared/', 'node_modules/zod/'],
        dependencyTypesNot: ['core'],
        couldNotResolve: false,
      },
    },
    {
      name: 'shared-has-no-node',
      comment:
        'shared/ runs in browsers too: no node:*. Hashing, signing, clocks and files come in as functions; their adapters live in kiosk-app/agent/adapters or hub-server/src/adapters.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'drivers-import-shared',
      comment:
        'device-drivers/ are hands without a program: they know shared/ only. What they need from a program is a port declared in the driver and given by the program’s composition root.',
      severity: 'error',
      from: { path: '^device-drivers/' },
      to: { path: '^(kiosk-app|hub-server)/' },
    },
    {
      name: 'serialport-has-one-user',
      comment:
        'serialport is spoken to by device-drivers/src/panel/serialport-transport.ts alone: its five surprising behaviours are handled there once. Ask for the port interface of panel/ports.ts instead.',
      severity: 'error',
      from: { pathNot: ['^device-drivers/src/panel/serialport-transport\\.ts$', '^tests/'] },
      to: { path: 'node_modules/(serialport|@serialport)/' },
    },
    {
      name: 'onvif-has-one-user',
      comment:
        'node-onvif is untouched since 2018: device-drivers/src/camera/onvif-camera.ts alone uses it, behind the Camera port. Ask for that port instead.',
      severity: 'error',
      from: { pathNot: ['^device-drivers/src/camera/onvif-camera\\.ts$', '^tests/'] },
      to: { path: 'node_modules/node-onvif/' },
    },
    {
      name: 'onvif-media2-has-one-user',
      comment:
        'The library onvif throws out of its event handlers: device-drivers/src/camera/onvif-media2-worker.ts alone uses it, in a thread, behind the Camera port. Ask for that port instead.',
      severity: 'error',
      from: { pathNot: ['^device-drivers/src/camera/onvif-media2-worker\\.ts$', '^tests/'] },
      to: { path: 'node_modules/onvif/' },
    },
    {
      name: 'ffmpeg-has-one-user',
      comment:
        'fluent-ffmpeg is archived: device-drivers/src/media/ffmpeg.ts alone uses it. Ask that file for what you need instead.',
      severity: 'error',
      from: { pathNot: ['^device-drivers/src/media/ffmpeg\\.ts$', '^tests/'] },
      to: { path: 'node_modules/fluent-ffmpeg/' },
    },
    {
      name: 'pty-has-one-user',
      comment:
        'A pseudo-terminal exists only to carry the simulated panel: device-drivers/src/simulators alone opens one. Product code talks to a real port.',
      severity: 'error',
      from: { pathNot: ['^device-drivers/src/simulators/', '^tests/'] },
      to: { path: 'node_modules/@lydell/node-pty' },
    },
    {
      name: 'sqlite-stays-in-adapters',
      comment:
        'better-sqlite3 blocks its thread: only adapters/sqlite of agent and hub and the recorder’s index open a database. Declare a storage port in application/ports.ts and implement it there.',
      severity: 'error',
      from: {
        pathNot: [
          '^kiosk-app/agent/adapters/sqlite/',
          '^hub-server/src/adapters/sqlite/',
          '^hub-server/src/recorder/',
          '^tests/',
        ],
      },
      to: { path: 'node_modules/better-sqlite3/' },
    },
    {
      name: 'electron-stays-in-main-and-preload',
      comment:
        'Only kiosk-app/main and kiosk-app/preload know Electron; imported elsewhere it starts a download. The screens speak to the Bridge interface, the agent is plain Node.',
      severity: 'error',
      from: { pathNot: ['^kiosk-app/(main|preload)/', '^tests/'] },
      to: { path: 'node_modules/electron/' },
    },
    {
      name: 'simulators-in-tests-and-demo-only',
      comment:
        'Simulators are started by tests and hub-server/demo alone, so that nothing simulated can reach an office. Product code takes the port that simulator and device both serve.',
      severity: 'error',
      from: { pathNot: ['^device-drivers/src/simulators/', '^hub-server/demo/', '^tests/'] },
      to: { path: '^device-drivers/src/simulators/' },
    },
    {
      name: 'nothing-imports-tests',
      comment:
        'Product code never depends on tests/. What both need is product code: a simulator in device-drivers/src/simulators, or a pure function in shared/.',
      severity: 'error',
      from: { pathNot: '^tests/' },
      to: { path: '^tests/' },
    },
    {
      name: 'nothing-imports-scripts',
      comment:
        'scripts/ prepares and starts programs; only the bins, which hand over to the pinned Node, import from it. What a program needs at run time belongs to that program.',
      severity: 'error',
      from: { pathNot: ['^scripts/', '^(kiosk-app|hub-server)/bin/', '^tests/'] },
      to: { path: '^scripts/' },
    },
    {
      name: 'agent-drives-panels-only',
      comment:
        'The agent imports shared/ and device-drivers/src/panel. Cameras belong to the recorder; the window and the hub are other processes, reached by protocol/ui.ts and protocol/edge.ts.',
      severity: 'error',
      from: { path: '^kiosk-app/agent/' },
      to: {
        path: ours,
        pathNot: [
          '^kiosk-app/agent/',
          '^shared/',
          '^device-drivers/src/(panel|simulators)/',
          '^(scripts|tests)/',
        ],
      },
    },
    {
      name: 'window-imports-shared',
      comment:
        'The shells are thin: shared/, what both have in kiosk-app/shell, and electron. Facts and devices belong to the agent, a process of its own; talk to it by protocol/ui.ts.',
      severity: 'error',
      from: { path: '^kiosk-app/(main|preload|shell)/' },
      to: {
        path: ours,
        pathNot: [
          '^kiosk-app/(main|preload|shell)/',
          '^shared/',
          '^device-drivers/src/simulators/',
          '^(scripts|tests)/',
        ],
      },
    },
    {
      name: 'shell-knows-no-electron',
      comment:
        'kiosk-app/shell runs on plain Node and is tested without Electron; main imports it, not the other way. Put what both shells need into kiosk-app/shell.',
      severity: 'error',
      from: { path: '^kiosk-app/shell/' },
      to: { path: '^kiosk-app/(main|preload)/' },
    },
    {
      name: 'kiosk-screens-import-shared',
      comment:
        'The kiosk’s screens know shared/ and their Bridge, nothing behind it, so that the same files run in Electron and in any Chromium. Ask the agent through the Bridge.',
      severity: 'error',
      from: { path: '^kiosk-app/renderer/' },
      to: {
        path: ours,
        pathNot: ['^kiosk-app/renderer/', '^shared/', '^device-drivers/src/simulators/', '^(scripts|tests)/'],
      },
    },
    {
      name: 'hub-screens-import-shared',
      comment:
        'The hub’s pages know shared/ and the wire (protocol/http.ts, live.ts), never the server’s code. What both compute belongs in shared/.',
      severity: 'error',
      from: { path: '^hub-server/web/' },
      to: {
        path: ours,
        pathNot: ['^hub-server/web/', '^shared/', '^device-drivers/src/simulators/', '^(scripts|tests)/'],
      },
    },
    {
      name: 'screens-have-no-node',
      comment:
        'Screens run in a browser without Node. What needs a file, a device or a hash is asked of the agent or the hub.',
      severity: 'error',
      from: { path: '^(kiosk-app/renderer|hub-server/web)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'screens-use-few-libraries',
      comment:
        'Screens use React, the two fonts, hls.js and zod through shared/. Another library weighs on every kiosk: write it, or argue for it here.',
      severity: 'error',
      from: { path: '^(kiosk-app/renderer|hub-server/web)/' },
      to: {
        dependencyTypes: npmTypes,
        path: 'node_modules/',
        pathNot: [
          'node_modules/(@types/)?(react|react-dom)/',
          'node_modules/@fontsource/',
          'node_modules/hls\\.js/',
          // The hub's clock page draws its code, an administrator's page reads it; the latter is fetched only then.
          'node_modules/(uqr|jsqr)/',
          'node_modules/zod/',
          'node_modules/vite/',
          // KIEM-TRA.html computes hashes and signatures itself: it runs from a folder in whatever browser there is.
          'node_modules/@noble/',
          // These have a rule of their own.
          'node_modules/(electron|better-sqlite3|serialport|@serialport|node-onvif|onvif|fluent-ffmpeg)/',
          'node_modules/@lydell/',
        ],
      },
    },
    {
      name: 'hub-imports-shared',
      comment:
        'hub-server/src imports shared/. Devices belong to src/recorder, a process of its own; pages live in web/, seeds and simulators in demo/. Reach the recorder by protocol/edge.ts.',
      severity: 'error',
      from: { path: '^hub-server/src/', pathNot: '^hub-server/src/(recorder|evidence)/' },
      to: {
        path: ours,
        pathNot: ['^hub-server/src/', '^shared/', '^device-drivers/src/simulators/', '^(scripts|tests)/'],
      },
    },
    {
      name: 'recorder-drives-cameras-only',
      comment:
        'The recorder, and the process that writes an evidence package, import shared/ and device-drivers/src/{camera,media}. Panels belong to the agent of a counter.',
      severity: 'error',
      from: { path: '^hub-server/src/(recorder|evidence)/' },
      to: {
        path: ours,
        pathNot: [
          '^hub-server/src/',
          '^shared/',
          '^device-drivers/src/(camera|media|simulators)/',
          '^(scripts|tests)/',
        ],
      },
    },
    {
      name: 'hub-reaches-recorder-by-wire',
      comment:
        'The recorder and the writer of evidence are processes of their own: the hub starts their entry file and speaks protocol/footage.ts, protocol/evidence-writer.ts, so that a stuck disk never stops a rating. Put what both know in shared/.',
      severity: 'error',
      from: { path: '^hub-server/src/', pathNot: '^hub-server/src/(recorder|evidence)/' },
      to: { path: '^hub-server/src/(recorder|evidence)/' },
    },
    {
      name: 'domain-imports-domain',
      comment:
        'Domain is the innermost layer: it imports domain and shared/. A value it needs comes in as an argument; a service is a port in application/ports.ts.',
      severity: 'error',
      from: { path: `${layered}/domain/` },
      to: { path: `${layered}/`, pathNot: [`${layered}/domain/`, '^hub-server/src/recorder/'] },
    },
    {
      name: 'domain-has-no-node',
      comment:
        'Domain takes values in and gives values out: no node:*, no clock, no files. Read them in the application and pass them in.',
      severity: 'error',
      from: { path: `${layered}/domain/` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'domain-has-no-libraries',
      comment:
        'Domain uses no package: no parser, no logger, no id maker. Parse at the boundary, mint ids in the application; types come from shared/.',
      severity: 'error',
      from: { path: `${layered}/domain/` },
      to: {
        dependencyTypes: npmTypes,
        path: 'node_modules/',
        pathNot:
          'node_modules/(better-sqlite3|electron|serialport|@serialport|node-onvif|onvif|fluent-ffmpeg|@lydell)/',
      },
    },
    {
      name: 'application-imports-domain',
      comment:
        'A use case knows domain, shared/ and its own ports.ts; adapters and main know it, not the other way. Declare what you need in application/ports.ts and let main wire it.',
      severity: 'error',
      from: { path: `${layered}/application/` },
      to: {
        path: `${layered}/`,
        pathNot: [`${layered}/(application|domain)/`, '^hub-server/src/recorder/'],
      },
    },
    {
      name: 'adapters-below-main',
      comment:
        'Main wires adapters; an adapter does not know the composition root (main.ts, app.ts and their neighbours). Take what you need as a constructor argument.',
      severity: 'error',
      from: { path: `${layered}/adapters/` },
      to: { path: `${layered}/[^/]+\\.ts$` },
    },
    {
      name: 'no-circles',
      comment:
        'A circle of imports has no first file to read. Move what both need to a third file below them, or pass it in.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'packages-are-declared',
      comment:
        'A workspace imports only packages its own package.json names; hoisting makes others work here and fail where the workspace is installed alone. Add it there, at an exact version.',
      severity: 'error',
      from: {
        path: '^(shared|device-drivers|kiosk-app|hub-server)/',
        pathNot: 'vite\\.(check\\.)?config\\.ts$',
      },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'imports-resolve',
      comment: 'The import leads nowhere: correct the path (with its .ts ending) or add the package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^((kiosk-app|hub-server)/dist|tests/law/fixtures|tests/\\.(out|cache))/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.d.ts', '.css', '.json'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
