// The caller's page: position again and again, words, photos. No framework: it must open on an old phone in a bad net.
(() => {
  const base = location.pathname.replace(/\/$/, '');
  const state = document.getElementById('state');
  const say = (text) => { state.textContent = text; };

  async function send(path, body, type) {
    for (let tries = 0; tries < 5; tries++) {
      try {
        const answer = await fetch(base + path, { method: 'POST', body, headers: { 'Content-Type': type } });
        if (answer.ok) return true;
        if (answer.status !== 429 && answer.status < 500) {
          const problem = await answer.json().catch(() => ({}));
          say(problem.title || '未能发送 / Not sent');
          return false;
        }
      } catch {
        say('网络不通,正在重试 / No network, trying again');
      }
      await new Promise((done) => setTimeout(done, 1200 * (tries + 1)));
    }
    say('未能发送 / Not sent');
    return false;
  }

  const json = (path, value) => send(path, JSON.stringify({ shareId: newId(), ...value }), 'application/json');

  // crypto.randomUUID is there only over https.
  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  let watching = null;
  let last = 0;
  document.getElementById('locate').addEventListener('click', () => {
    if (!navigator.geolocation) return say('此手机不能定位,请口述地点 / This phone cannot tell its position');
    if (watching !== null) return;
    say('正在定位 / Finding your position');
    watching = navigator.geolocation.watchPosition(async ({ coords }) => {
      // Ten seconds apart: a link has four hundred uses.
      if (Date.now() - last < 10000) return;
      last = Date.now();
      if (await json('/position', { lon: coords.longitude, lat: coords.latitude, accuracyMeters: coords.accuracy })) {
        say(`位置已共享,误差约 ${Math.round(coords.accuracy)} 米 / Position shared, within ${Math.round(coords.accuracy)} m`);
      }
    }, () => {
      watching = null;
      say('未获得定位许可,请在浏览器中允许 / Allow the browser to use your position');
    }, { enableHighAccuracy: true, timeout: 30000 });
  });

  const words = document.getElementById('words');
  document.getElementById('write').addEventListener('click', async () => {
    if (words.value.trim() && await json('/text', { text: words.value })) {
      words.value = '';
      say('文字已发送 / Text sent');
    }
  });

  document.getElementById('photo').addEventListener('change', async ({ target }) => {
    const [file] = target.files;
    target.value = '';
    if (!file) return;
    if (file.size > 5242880) return say('照片超过 5 MB / The photo has more than 5 MB');
    say('正在发送照片 / Sending the photo');
    if (await send(`/photo?shareId=${newId()}`, file, 'application/octet-stream')) say('照片已发送 / Photo sent');
  });
})();
