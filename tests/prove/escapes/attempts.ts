/*
 * Purpose: what bored people, and people who know, try at a public screen. By hand (xdotool words: keys, mouse), and by
 * script in the page with a citizen's gesture, or by the browser's own input (touches, drags of files).
 */
import { HEIGHT, WIDTH } from './display.ts';

export type Attempt = { readonly name: string } & (
  | { readonly by: 'hands'; readonly words: readonly (readonly string[])[] }
  | { readonly by: 'script'; readonly code: string }
  | {
      readonly by: 'touch';
      readonly calls: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
    }
);

const letters = [...'abcdefghijklmnopqrstuvwxyz'];
const digits = [...'0123456789'];
const functions = Array.from({ length: 12 }, (_none, index) => `F${index + 1}`);

const key = (chord: string): Attempt => ({ name: `key ${chord}`, by: 'hands', words: [['key', chord]] });
const chords = (held: string, keys: readonly string[]): readonly Attempt[] =>
  keys.map((one) => key(held === '' ? one : `${held}+${one}`));
/** A chord that opens a field, an address typed into it, Enter. */
const typed = (chord: string, text: string): Attempt => ({
  name: `${chord}, type ${text}`,
  by: 'hands',
  words: [
    ['key', chord],
    ['type', '--delay', '2', text],
    ['key', 'Return'],
  ],
});
const at = (x: number, y: number): readonly string[] => ['mousemove', String(x), String(y)];
const mouse = (name: string, ...words: readonly (readonly string[])[]): Attempt => ({
  name,
  by: 'hands',
  words,
});
const drag = (name: string, from: [number, number], to: [number, number]): Attempt =>
  mouse(
    `drag ${name}`,
    [...at(...from), 'mousedown', '1'],
    [...at((from[0] + to[0]) / 2, (from[1] + to[1]) / 2)],
    [...at(...to), 'mouseup', '1'],
  );

const [RIGHT, BOTTOM] = [WIDTH - 1, HEIGHT - 1];
const PLACES: readonly (readonly [string, number, number])[] = [
  ['photo', 624, 580],
  ['words', 730, 270],
  ['number', 260, 310],
  ['corner top left', 0, 0],
  ['corner top right', RIGHT, 0],
  ['corner bottom right', RIGHT, BOTTOM],
];

const byHand: readonly Attempt[] = [
  ...chords('', functions),
  ...chords('ctrl', functions),
  ...chords('alt', functions),
  ...chords('shift', functions),
  ...chords('ctrl+alt', functions),
  ...chords('ctrl', letters),
  ...chords('ctrl+shift', letters),
  ...chords('alt', letters),
  ...chords('ctrl', digits),
  ...chords('alt', digits),
  ...chords('ctrl', [
    'plus',
    'minus',
    'equal',
    'bracketleft',
    'bracketright',
    'backslash',
    'comma',
    'period',
    'slash',
    'space',
  ]),
  ...chords('ctrl', [
    'Tab',
    'Page_Up',
    'Page_Down',
    'Return',
    'BackSpace',
    'Delete',
    'Escape',
    'Home',
    'End',
    'Insert',
  ]),
  ...chords('ctrl+shift', ['Tab', 'Delete', 'Escape', 'Page_Up', 'Page_Down', 'Return', 'F5']),
  ...chords('alt', [
    'Tab',
    'Escape',
    'space',
    'Return',
    'Left',
    'Right',
    'Home',
    'Up',
    'Down',
    'BackSpace',
    'Print',
  ]),
  ...chords('alt+shift', ['a', 'b', 'i', 't', 'Tab']),
  ...chords('ctrl+alt', ['Delete', 'BackSpace', 't', 'l', 'Left', 'Right', 'Tab', 'shift+q']),
  ...chords('shift', ['Escape', 'Insert', 'Delete', 'BackSpace', 'Tab', 'Home']),
  ...chords('super', ['a', 'd', 'e', 'i', 'l', 'r', 's', 'x', 'Tab', 'Left', 'Print']),
  ...chords('', [
    'Super_L',
    'Super_R',
    'Menu',
    'Print',
    'Pause',
    'Scroll_Lock',
    'Insert',
    'Delete',
    'BackSpace',
    'Escape',
    'Home',
  ]),
  ...chords('', ['End', 'Help', 'Undo', 'Redo', 'Find', 'Cancel', 'Sys_Req', 'Execute', 'Select']),
  ...chords('', [
    'XF86Back',
    'XF86Forward',
    'XF86Refresh',
    'XF86Reload',
    'XF86Stop',
    'XF86Search',
    'XF86HomePage',
    'XF86WWW',
  ]),
  ...chords('', [
    'XF86Mail',
    'XF86Calculator',
    'XF86Explorer',
    'XF86Favorites',
    'XF86Tools',
    'XF86Close',
    'XF86New',
    'XF86Open',
  ]),
  ...chords('', [
    'XF86Save',
    'XF86Copy',
    'XF86Paste',
    'XF86Print',
    'XF86ZoomIn',
    'XF86ZoomOut',
    'XF86AudioPlay',
    'XF86Sleep',
  ]),
  typed('ctrl+l', 'file:///etc/passwd'),
  typed('ctrl+k', 'example.org'),
  typed('ctrl+e', 'chrome://settings'),
  typed('alt+d', 'view-source:http://127.0.0.1/'),
  typed('F6', 'chrome://version'),
  typed('ctrl+t', 'chrome://downloads'),
  typed('ctrl+n', 'about:blank'),
  typed('ctrl+o', '/etc/passwd'),
  typed('ctrl+s', '/tmp/saved.html'),
  typed('ctrl+p', 'x'),
  typed('ctrl+f', 'Chrome'),
  typed('F12', 'location="about:blank"'),
  typed('ctrl+shift+j', 'window.open("about:blank")'),
  typed('slash', 'javascript:alert(1)'),
  mouse('five Shifts', ['key', '--delay', '40', 'Shift_L', 'Shift_L', 'Shift_L', 'Shift_L', 'Shift_L']),
  mouse('Escape held', ['keydown', 'Escape'], ['sleep', '1.8'], ['keyup', 'Escape']),
  mouse('ctrl+w five times', ['key', '--delay', '30', 'ctrl+w', 'ctrl+w', 'ctrl+w', 'ctrl+w', 'ctrl+w']),
  mouse('ctrl+q twice', ['key', '--delay', '60', 'ctrl+q', 'ctrl+q']),
  mouse('all held, then n t w', ['keydown', 'ctrl'], ['key', 'n', 't', 'w'], ['keyup', 'ctrl']),
  ...PLACES.map(([name, x, y]) => mouse(`right click ${name}`, [...at(x, y), 'click', '3'])),
  ...PLACES.map(([name, x, y]) => mouse(`middle click ${name}`, [...at(x, y), 'click', '2'])),
  ...PLACES.slice(0, 3).map(([name, x, y]) =>
    mouse(
      `three clicks, right ${name}`,
      [...at(x, y), 'click', '--repeat', '3', '--delay', '40', '1'],
      ['click', '3'],
    ),
  ),
  mouse('button back', [...at(730, 270), 'click', '8']),
  mouse('button forward', [...at(730, 270), 'click', '9']),
  mouse('ctrl and wheel', [
    ...at(730, 270),
    'keydown',
    'ctrl',
    'click',
    '--repeat',
    '6',
    '4',
    'keyup',
    'ctrl',
  ]),
  mouse('ctrl and wheel back', [
    ...at(730, 270),
    'keydown',
    'ctrl',
    'click',
    '--repeat',
    '6',
    '5',
    'keyup',
    'ctrl',
  ]),
  mouse('shift and wheel', [
    ...at(730, 270),
    'keydown',
    'shift',
    'click',
    '--repeat',
    '6',
    '4',
    'keyup',
    'shift',
  ]),
  mouse('wheel sideways', [...at(730, 270), 'click', '--repeat', '8', '6']),
  mouse('long press photo', [...at(624, 580), 'mousedown', '1'], ['sleep', '1.2'], ['mouseup', '1']),
  mouse('long press words', [...at(730, 270), 'mousedown', '1'], ['sleep', '1.2'], ['mouseup', '1']),
  mouse('rest at the top edge', [...at(640, 0)], ['sleep', '1.2']),
  mouse('rest at the top right corner', [...at(RIGHT, 0)], ['sleep', '1.2'], ['click', '1']),
  mouse('ctrl and click', [...at(730, 270), 'keydown', 'ctrl', 'click', '1', 'keyup', 'ctrl']),
  mouse('shift and click', [...at(730, 270), 'keydown', 'shift', 'click', '1', 'keyup', 'shift']),
  mouse('alt and click', [...at(730, 270), 'keydown', 'alt', 'click', '1', 'keyup', 'alt']),
  mouse(
    'alt and drag',
    [...at(730, 270), 'keydown', 'alt', 'mousedown', '1'],
    [...at(300, 600), 'mouseup', '1', 'keyup', 'alt'],
  ),
  drag('photo to the edge', [624, 580], [RIGHT, 400]),
  drag('photo to the top', [624, 580], [640, 0]),
  drag('over the words', [580, 220], [880, 340]),
  drag('from the left edge', [0, 400], [600, 400]),
  drag('from the right edge', [RIGHT, 400], [700, 400]),
  drag('from the top', [640, 0], [640, 500]),
  drag('from the bottom', [640, BOTTOM], [640, 300]),
];

const script = (name: string, code: string): Attempt => ({ name, by: 'script', code });
const quoted = (text: string): string => JSON.stringify(text);

/** Where a page could lead. `OTHER` is replaced by a port where something else answers. */
const ADDRESSES = [
  'about:blank',
  'file:///etc/passwd',
  'view-source:http://127.0.0.1/',
  'chrome://settings/',
  'chrome://version/',
  'devtools://devtools/bundled/inspector.html',
  'javascript:document.body.textContent="out"',
  'data:text/html,<h1>out</h1>',
  'http://example.org/',
  'http://127.0.0.1:OTHER/',
  'mailto:a@example.org',
  'tel:112',
];

const element = (tag: string, given: string): string =>
  `const e=document.createElement('${tag}');${given};document.body.append(e);`;

const byScript: readonly Attempt[] = [
  ...ADDRESSES.map((to) => script(`location = ${to}`, `location.href=${quoted(to)}`)),
  ...ADDRESSES.map((to) => script(`window.open ${to}`, `window.open(${quoted(to)})`)),
  ...ADDRESSES.map((to) => script(`link ${to}`, `${element('a', `e.href=${quoted(to)}`)}e.click()`)),
  ...ADDRESSES.slice(0, 8).map((to) =>
    script(
      `link in a new window ${to}`,
      `${element('a', `e.href=${quoted(to)};e.target='_blank'`)}e.click()`,
    ),
  ),
  ...ADDRESSES.slice(0, 10).map((to) => script(`frame ${to}`, element('iframe', `e.src=${quoted(to)}`))),
  ...['get', 'post'].map((method) =>
    script(
      `form ${method}`,
      `${element('form', `e.method='${method}';e.action='http://127.0.0.1:OTHER/'`)}e.submit()`,
    ),
  ),
  script(
    'form into a new window',
    `${element('form', "e.target='_blank';e.action=location.href")}e.submit()`,
  ),
  script('meta refresh', `${element('meta', "e.httpEquiv='refresh';e.content='0;url=about:blank'")}`),
  script('object', element('object', "e.data='http://127.0.0.1:OTHER/'")),
  script('embed', element('embed', "e.src='http://127.0.0.1:OTHER/'")),
  script('replace', "location.replace('about:blank')"),
  script('assign another path', "location.assign('/photos/')"),
  script('navigation.navigate', "navigation.navigate('about:blank')"),
  script('open in its own window', "window.open('about:blank','_self')"),
  script('open from a frame', `${element('iframe', '')}e.contentWindow.open('about:blank')`),
  script('popup of a size', "window.open('about:blank','x','popup,width=300,height=200')"),
  script(
    'a blob as a page',
    "location.href=URL.createObjectURL(new Blob(['<h1>out</h1>'],{type:'text/html'}))",
  ),
  script('history back', 'history.back()'),
  script('history forward', 'history.forward()'),
  script('history far', 'history.go(-5)'),
  script('close', 'window.close()'),
  script('close itself, opened', "window.open('','_self');window.close()"),
  script('alert', "alert('out')"),
  script('confirm', "confirm('out')"),
  script('prompt', "prompt('out')"),
  script('alert of a frame', `${element('iframe', '')}e.contentWindow.alert('out')`),
  script('print', 'print()'),
  script('print of a frame', `${element('iframe', '')}e.contentWindow.print()`),
  script(
    'before unload',
    "addEventListener('beforeunload',e=>{e.preventDefault();e.returnValue='x'});location.href='about:blank'",
  ),
  script('file field', `${element('input', "e.type='file'")}e.click()`),
  script('file field by picker', `${element('input', "e.type='file'")}e.showPicker()`),
  script('folder field', `${element('input', "e.type='file';e.webkitdirectory=true")}e.click()`),
  script('colour field', `${element('input', "e.type='color'")}e.showPicker()`),
  script('date field', `${element('input', "e.type='date'")}e.showPicker()`),
  script('open file picker', 'showOpenFilePicker()'),
  script('save file picker', 'showSaveFilePicker()'),
  script('folder picker', 'showDirectoryPicker()'),
  script('download data', `${element('a', "e.href='data:text/plain,out';e.download='out.txt'")}e.click()`),
  script(
    'download a blob',
    `${element('a', "e.href=URL.createObjectURL(new Blob(['out']));e.download='out.txt'")}e.click()`,
  ),
  script('download the page', `${element('a', "e.href=location.pathname;e.download='out.html'")}e.click()`),
  script(
    'download by frame',
    element('iframe', "e.src=URL.createObjectURL(new Blob(['out'],{type:'application/zip'}))"),
  ),
  script('notification', 'Notification.requestPermission()'),
  script('position', 'navigator.geolocation.getCurrentPosition(()=>{})'),
  script('camera', 'navigator.mediaDevices.getUserMedia({video:true})'),
  script('microphone', 'navigator.mediaDevices.getUserMedia({audio:true})'),
  script('screen capture', 'navigator.mediaDevices.getDisplayMedia({video:true})'),
  script('clipboard read', 'navigator.clipboard.readText()'),
  script('clipboard read all', 'navigator.clipboard.read()'),
  script('midi', 'navigator.requestMIDIAccess({sysex:true})'),
  script('usb', 'navigator.usb.requestDevice({filters:[]})'),
  script('serial', 'navigator.serial.requestPort()'),
  script('hid', 'navigator.hid.requestDevice({filters:[]})'),
  script('bluetooth', 'navigator.bluetooth.requestDevice({acceptAllDevices:true})'),
  script('idle detection', 'IdleDetector.requestPermission()'),
  script('screen details', 'getScreenDetails()'),
  script('local fonts', 'queryLocalFonts()'),
  script('storage', 'navigator.storage.persist()'),
  script(
    'payment',
    "new PaymentRequest([{supportedMethods:'https://example.org/pay'}],{total:{label:'x',amount:{currency:'VND',value:'1'}}}).show()",
  ),
  script(
    'passkey',
    "navigator.credentials.create({publicKey:{challenge:new Uint8Array(16),rp:{name:'x'},user:{id:new Uint8Array(8),name:'x',displayName:'x'},pubKeyCredParams:[{type:'public-key',alg:-7}]}})",
  ),
  script('password', 'navigator.credentials.get({password:true})'),
  script('share', "navigator.share({text:'out'})"),
  script('protocol handler', "navigator.registerProtocolHandler('web+out',location.origin+'/?x=%s')"),
  script('presentation', "new PresentationRequest(['https://example.org/']).start()"),
  script('eye dropper', 'new EyeDropper().open()'),
  script('leave full screen', 'document.exitFullscreen()'),
  script('ask full screen', 'document.documentElement.requestFullscreen()'),
  script('pointer lock', 'document.documentElement.requestPointerLock()'),
  script('picture in picture', `${element('video', '')}e.requestPictureInPicture()`),
  script('document in picture', 'documentPictureInPicture.requestWindow()'),
  script('move and resize', 'moveTo(200,200);resizeTo(300,300)'),
  script('blur', 'window.blur()'),
  script('find', "find('Quầy')"),
  script('select all', 'document.execCommand("selectAll")'),
  script('service worker', "navigator.serviceWorker.register('/sw.js')"),
  script('app install', "dispatchEvent(new Event('beforeinstallprompt'))"),
  script('speech', 'speechSynthesis.speak(new SpeechSynthesisUtterance("out"))'),
];

const point = (x: number, y: number) => [{ x, y }];
const touch = (
  name: string,
  ...calls: readonly (readonly [string, Readonly<Record<string, unknown>>])[]
): Attempt => ({
  name,
  by: 'touch',
  calls,
});
const files = (mime: string, data: string) => ({
  items: data === '' ? [] : [{ mimeType: mime, data }],
  files: data === '' ? ['/etc/hostname'] : [],
  dragOperationsMask: 1,
});
const dropped = (name: string, data: Readonly<Record<string, unknown>>): Attempt =>
  touch(
    name,
    ['Input.dispatchDragEvent', { type: 'dragEnter', x: 640, y: 400, data }],
    ['Input.dispatchDragEvent', { type: 'dragOver', x: 640, y: 400, data }],
    ['Input.dispatchDragEvent', { type: 'drop', x: 640, y: 400, data }],
  );
const swipe = (name: string, from: [number, number], by: [number, number]): Attempt =>
  touch(name, [
    'Input.synthesizeScrollGesture',
    { x: from[0], y: from[1], xDistance: by[0], yDistance: by[1], gestureSourceType: 'touch', speed: 3_000 },
  ]);

const byTouch: readonly Attempt[] = [
  touch('pinch out', [
    'Input.synthesizePinchGesture',
    { x: 640, y: 400, scaleFactor: 3, gestureSourceType: 'touch' },
  ]),
  touch('pinch in', [
    'Input.synthesizePinchGesture',
    { x: 640, y: 400, scaleFactor: 0.3, gestureSourceType: 'touch' },
  ]),
  touch('pinch by touchpad', [
    'Input.synthesizePinchGesture',
    { x: 640, y: 400, scaleFactor: 2, gestureSourceType: 'mouse' },
  ]),
  touch('long press the photo', [
    'Input.synthesizeTapGesture',
    { x: 624, y: 580, duration: 1_200, gestureSourceType: 'touch' },
  ]),
  touch('long press the words', [
    'Input.synthesizeTapGesture',
    { x: 730, y: 270, duration: 1_200, gestureSourceType: 'touch' },
  ]),
  touch('two taps', [
    'Input.synthesizeTapGesture',
    { x: 730, y: 270, tapCount: 2, gestureSourceType: 'touch' },
  ]),
  touch('three taps', [
    'Input.synthesizeTapGesture',
    { x: 730, y: 270, tapCount: 3, gestureSourceType: 'touch' },
  ]),
  swipe('swipe back', [20, 400], [900, 0]),
  swipe('swipe forward', [1_260, 400], [-900, 0]),
  swipe('pull down', [640, 20], [0, 600]),
  swipe('push up', [640, 780], [0, -600]),
  touch(
    'ten fingers',
    [
      'Input.dispatchTouchEvent',
      {
        type: 'touchStart',
        touchPoints: Array.from({ length: 10 }, (_none, n) => ({ x: 100 + n * 100, y: 300, id: n })),
      },
    ],
    ['Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] }],
  ),
  touch('a pen with its button', [
    'Input.dispatchMouseEvent',
    { type: 'mousePressed', x: 730, y: 270, button: 'right', clickCount: 1, pointerType: 'pen' },
  ]),
  touch(
    'touch cut off',
    ['Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: point(730, 270) }],
    ['Input.dispatchTouchEvent', { type: 'touchCancel', touchPoints: [] }],
  ),
  dropped('drop a file', files('', '')),
  dropped('drop an address', files('text/uri-list', 'http://example.org/')),
  dropped('drop a script', files('text/uri-list', 'javascript:alert(1)')),
  dropped('drop words', files('text/plain', 'out')),
  dropped('drop markup', files('text/html', '<a href="http://example.org/">out</a>')),
];

export const attempts: readonly Attempt[] = [...byHand, ...byScript, ...byTouch];
