/* Plays the simulated panel's keys. Holds the key as long as it is held here; asks for the panel's state twice a second. */
const words = {
  armed: ['Đang hỏi: bấm một nút', 'Armed: press a key'],
  idle: [
    'Không có câu hỏi: bấm nút lúc này không được tính',
    'Nothing is asked: a press now counts for nothing',
  ],
  unplugged: ['Dây đã rút', 'Unplugged'],
  away: ['Không tới được văn phòng mẫu', 'The demo office is away'],
};
const names = ['Rất hài lòng', 'Hài lòng', 'Bình thường', 'Không hài lòng', 'Rất không hài lòng'];
const line = document.getElementById('line');
const hint = document.getElementById('hint');
const lamp = document.getElementById('lamp-armed');

function say([vi, en]) {
  line.textContent = `${vi} · ${en}`;
}

async function act(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
  if (!answer.ok) throw new Error(String(answer.status));
}

const faces = await (await fetch('faces.json')).json();
const box = document.getElementById('buttons');
faces.forEach((svg, index) => {
  const key = document.createElement('button');
  key.type = 'button';
  key.id = `button-${index + 1}`;
  key.setAttribute('aria-label', `Nút ${index + 1}: ${names[index]}`);
  key.innerHTML = svg;
  key.addEventListener('click', () => {
    act('press', { button: index, holdMs: 120 }).then(
      () => {
        hint.textContent = `Đã bấm nút ${index + 1} lúc ${new Date().toLocaleTimeString('vi-VN')}`;
      },
      () => say(words.away),
    );
  });
  box.append(key);
});
for (const key of document.querySelectorAll('[data-act]'))
  key.addEventListener('click', () => act('act', { act: key.dataset.act }).catch(() => say(words.away)));

async function look() {
  try {
    const state = await (await fetch('state')).json();
    lamp.className = state.armed ? 'on' : '';
    say(words[state.plugged ? (state.armed ? 'armed' : 'idle') : 'unplugged']);
  } catch {
    say(words.away);
  }
  setTimeout(look, 500);
}
look();
