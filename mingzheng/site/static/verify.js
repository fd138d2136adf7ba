// Checks a proof file in the browser: nothing leaves the machine. The same checks as the one-file verifier, step by step.
(() => {
  "use strict";
  class Unproven extends Error {}
  class Unreadable extends Error {}
  const HEADER = "c2sp.org/tlog-proof@v1",
    KINDS = {
      "document.rendered": "文书",
      "publication.sealed": "公示内容",
      "evidence.stored": "证据文件",
    };
  const bytes = (text) => new TextEncoder().encode(text);
  const join = (...parts) => {
    const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
    let at = 0;
    for (const p of parts) {
      out.set(p, at);
      at += p.length;
    }
    return out;
  };
  const same = (a, b) => a.length === b.length && a.every((each, at) => each === b[at]);
  const hex = (data) => Array.from(data, (each) => each.toString(16).padStart(2, "0")).join("");
  const b64 = (data) => btoa(String.fromCharCode(...data));
  function unb64(text) {
    let data;
    try {
      data = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
    } catch {
      throw new Unreadable("有一段不是合法的 base64，文件可能不完整");
    }
    if (b64(data) !== text) throw new Unreadable("有一段 base64 写法不规范");
    return data;
  }

  // SHA-256 and SHA-512: WebCrypto where the page may use it; otherwise FIPS 180-4 written out.
  const subtle = window.crypto?.subtle;
  const primes = (count) => {
    const out = [];
    for (let n = 2; out.length < count; n++) if (out.every((p) => n % p)) out.push(n);
    return out;
  };
  function rootBits(prime, degree, bits) {
    // the first bits of the fraction of a prime's square or cube root
    const wanted = BigInt(prime) << BigInt(bits * degree);
    let low = 0n,
      high = 1n << BigInt(bits + 5);
    while (high - low > 1n) {
      const mid = (low + high) >> 1n;
      if (mid ** BigInt(degree) <= wanted) low = mid;
      else high = mid;
    }
    return low & ((1n << BigInt(bits)) - 1n);
  }
  const SHAPE = {
    // word bits, rounds, rotations: S0, S1 of the rounds, s0, s1 of the schedule (the last of these a shift)
    256: [32, 64, [2, 13, 22], [6, 11, 25], [7, 18, 3], [17, 19, 10]],
    512: [64, 80, [28, 34, 39], [14, 18, 41], [1, 8, 7], [19, 61, 6]],
  };
  function padded(data, block) {
    const length = block / 8,
      out = new Uint8Array(Math.ceil((data.length + 1 + length) / block) * block);
    out.set(data);
    out[data.length] = 0x80;
    new DataView(out.buffer).setBigUint64(out.length - 8, BigInt(data.length) * 8n);
    return out;
  }
  function sha512(data) {
    const [bits, rounds, big0, big1, small0, small1] = SHAPE[512],
      mask = (1n << 64n) - 1n,
      all = padded(data, 128),
      view = new DataView(all.buffer);
    const turn = (x, n) => ((x >> BigInt(n)) | (x << BigInt(bits - n))) & mask;
    const K = primes(rounds).map((p) => rootBits(p, 3, bits)),
      H = primes(8).map((p) => rootBits(p, 2, bits));
    const sigma = (x, by) => turn(x, by[0]) ^ turn(x, by[1]) ^ turn(x, by[2]),
      gamma = (x, by) => turn(x, by[0]) ^ turn(x, by[1]) ^ (x >> BigInt(by[2]));
    for (let at = 0; at < all.length; at += 128) {
      const w = [];
      for (let t = 0; t < rounds; t++)
        w.push(
          t < 16
            ? view.getBigUint64(at + t * 8)
            : (gamma(w[t - 2], small1) + w[t - 7] + gamma(w[t - 15], small0) + w[t - 16]) & mask,
        );
      let [a, b, c, d, e, f, g, h] = H;
      for (let t = 0; t < rounds; t++) {
        const one = (h + sigma(e, big1) + ((e & f) ^ (~e & mask & g)) + K[t] + w[t]) & mask,
          two = (sigma(a, big0) + ((a & b) ^ (a & c) ^ (b & c))) & mask;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) & mask, c, b, a, (one + two) & mask];
      }
      [a, b, c, d, e, f, g, h].forEach((each, n) => {
        H[n] = (H[n] + each) & mask;
      });
    }
    const out = new DataView(new ArrayBuffer(64));
    H.forEach((each, n) => out.setBigUint64(n * 8, each));
    return new Uint8Array(out.buffer);
  }
  function sha256slow(data) {
    const [bits, rounds, big0, big1, small0, small1] = SHAPE[256],
      all = padded(data, 64),
      view = new DataView(all.buffer),
      w = new Uint32Array(rounds);
    const turn = (x, n) => (x >>> n) | (x << (32 - n)),
      K = Uint32Array.from(primes(rounds), (p) => Number(rootBits(p, 3, bits))),
      H = Uint32Array.from(primes(8), (p) => Number(rootBits(p, 2, bits)));
    const sigma = (x, by) => turn(x, by[0]) ^ turn(x, by[1]) ^ turn(x, by[2]),
      gamma = (x, by) => turn(x, by[0]) ^ turn(x, by[1]) ^ (x >>> by[2]);
    for (let at = 0; at < all.length; at += 64) {
      for (let t = 0; t < rounds; t++)
        w[t] =
          t < 16
            ? view.getUint32(at + t * 4)
            : gamma(w[t - 2], small1) + w[t - 7] + gamma(w[t - 15], small0) + w[t - 16];
      let [a, b, c, d, e, f, g, h] = H;
      for (let t = 0; t < rounds; t++) {
        const one = (h + sigma(e, big1) + ((e & f) ^ (~e & g)) + K[t] + w[t]) | 0,
          two = (sigma(a, big0) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        h = g;
        g = f;
        f = e;
        e = (d + one) | 0;
        d = c;
        c = b;
        b = a;
        a = (one + two) | 0;
      }
      [a, b, c, d, e, f, g, h].forEach((each, n) => {
        H[n] += each;
      });
    }
    const out = new DataView(new ArrayBuffer(32));
    H.forEach((each, n) => out.setUint32(n * 4, each));
    return new Uint8Array(out.buffer);
  }
  const sha256 = async (data) =>
    subtle ? new Uint8Array(await subtle.digest("SHA-256", data)) : sha256slow(data);

  // Ed25519 (RFC 8032): WebCrypto where it knows it; otherwise with BigInt.
  const P = 2n ** 255n - 19n,
    ORDER = 2n ** 252n + 27742317777372353535851937790883648493n,
    mod = (x) => ((x % P) + P) % P;
  function power(base, exponent) {
    let out = 1n;
    for (base = mod(base); exponent; exponent >>= 1n, base = mod(base * base))
      if (exponent & 1n) out = mod(out * base);
    return out;
  }
  const D = mod(-121665n * power(121666n, P - 2n)),
    ROOT = power(2n, (P - 1n) / 4n);
  const little = (data) => data.reduceRight((sum, each) => (sum << 8n) | BigInt(each), 0n);
  function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
    const a = mod((y1 - x1) * (y2 - x2)),
      b = mod((y1 + x1) * (y2 + x2)),
      c = mod(2n * t1 * t2 * D),
      d = mod(2n * z1 * z2);
    const e = b - a,
      f = d - c,
      g = d + c,
      h = b + a;
    return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
  }
  function times(number, point) {
    let sum = [0n, 1n, 1n, 0n];
    for (; number; number >>= 1n, point = add(point, point)) if (number & 1n) sum = add(sum, point);
    return sum;
  }
  function point(data) {
    const whole = little(data),
      sign = whole >> 255n,
      y = whole & ((1n << 255n) - 1n),
      square = mod((y * y - 1n) * power(D * y * y + 1n, P - 2n));
    let x = power(square, (P + 3n) / 8n);
    if (mod(x * x - square)) x = mod(x * ROOT);
    if (y >= P || mod(x * x - square) || (x === 0n && sign)) return null;
    if ((x & 1n) !== sign) x = P - x;
    return [x, y, 1n, mod(x * y)];
  }
  function signedSlow(key, message, signature) {
    const a = point(key),
      first = signature.slice(0, 32),
      s = little(signature.slice(32));
    if (!a || signature.length !== 64 || s >= ORDER) return false;
    const h = little(sha512(join(first, key, message))) % ORDER,
      base = point(Uint8Array.from({ length: 32 }, (_, n) => (n ? 0x66 : 0x58)));
    const [x, y, z] = add(times(s, base), times(h, [mod(-a[0]), a[1], 1n, mod(-a[3])])),
      inverse = power(z, P - 2n);
    const packed = mod(y * inverse) | ((mod(x * inverse) & 1n) << 255n);
    return little(first) === packed;
  }
  async function signed(key, message, signature) {
    try {
      const known = await subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
      return await subtle.verify("Ed25519", known, signature, message);
    } catch {
      return signedSlow(key, message, signature);
    }
  }

  // Keys, proof files, the tree (RFC 9162, 2.1.3.2).
  async function readKey(text, kind) {
    const parts = text.trim().split("+"),
      name = parts.shift(),
      id = parts.shift(),
      data = unb64(parts.join("+"));
    if (data.length !== 33 || data[0] !== kind) throw new Unreadable("公钥的写法不对");
    if (hex((await sha256(join(bytes(`${name}\n`), data))).slice(0, 4)) !== id)
      throw new Unreadable("公钥的编号与内容不符，可能抄错了");
    return { name, id, kind, key: data.slice(1) };
  }
  function cutLast(text, by) {
    const at = text.lastIndexOf(by);
    if (at < 0) throw new Unreadable("");
    return [text.slice(0, at), text.slice(at + by.length)];
  }
  function whole(text) {
    if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) throw new Unreadable("");
    return Number(text);
  }
  function readProof(text) {
    try {
      const gap = text.indexOf("\n\n"),
        rows = text.slice(0, gap).split("\n"),
        [head, below] = cutLast(text.slice(gap + 2), "\n\n");
      const extra = JSON.parse(
          new TextDecoder("utf-8", { fatal: true }).decode(unb64(rows[1].slice(6))),
        ),
        [origin, size, root] = head.split("\n");
      const lines = below
        .slice(0, -1)
        .split("\n")
        .map((row) => {
          const parts = row.split(" ");
          if (parts.length !== 3 || parts[0] !== "—") throw new Unreadable("");
          return [parts[1], unb64(parts[2])];
        });
      const salt = unb64(extra.salt);
      if (
        gap < 0 ||
        rows[0] !== HEADER ||
        !rows[1].startsWith("extra ") ||
        !rows[2].startsWith("index ") ||
        !below.endsWith("\n") ||
        salt.length !== 32
      )
        throw new Unreadable("");
      return {
        salt,
        text: extra.json,
        place: whole(rows[2].slice(6)),
        path: rows.slice(3).map(unb64),
        head: `${head}\n`,
        lines,
        origin,
        size: whole(size),
        root: unb64(root),
        hints: extra,
      };
    } catch {
      throw new Unreadable("这不是明证的证明文件，或者文件不完整");
    }
  }
  async function rootOf(entry, place, size, path) {
    if (place >= size) return new Uint8Array();
    let found = await sha256(join([0], entry)),
      here = place,
      last = size - 1;
    const half = (n) => Math.floor(n / 2);
    for (const step of path) {
      if (!last) return new Uint8Array();
      if (here % 2 || here === last) {
        found = await sha256(join([1], step, found));
        while (here && here % 2 === 0) {
          here = half(here);
          last = half(last);
        }
      } else found = await sha256(join([1], found, step));
      here = half(here);
      last = half(last);
    }
    return last ? new Uint8Array() : found;
  }
  async function signedAt(proof, key) {
    // seconds, 0 for the log itself, null when it did not sign
    let found = null;
    for (const [name, blob] of proof.lines) {
      if (name !== key.name || hex(blob.slice(0, 4)) !== key.id) continue;
      let moment = 0,
        message = proof.head,
        signature = blob.slice(4);
      if (key.kind === 4) {
        moment = Number(new DataView(blob.buffer).getBigUint64(4));
        signature = blob.slice(12);
        message = `cosignature/v1\ntime ${moment}\n${proof.head}`;
      }
      if (!(await signed(key.key, bytes(message), signature)))
        throw new Unproven(`${key.name} 的签名不对：检查点被改过，或者公钥不是它的`);
      found = moment;
    }
    return found;
  }

  // What is said.
  const china = new Intl.DateTimeFormat("zh-CN", {
    timeZone: "Asia/Shanghai",
    dateStyle: "long",
    timeStyle: "medium",
  });
  async function check(proof, key, witnesses, file) {
    if (proof.origin !== key.name || (await signedAt(proof, key)) === null)
      throw new Unproven(`检查点是 ${proof.origin} 的，不是本平台 ${key.name} 的，或者没有签名`);
    if (
      !same(
        await rootOf(
          await sha256(join(proof.salt, bytes(proof.text))),
          proof.place,
          proof.size,
          proof.path,
        ),
        proof.root,
      )
    )
      throw new Unproven("原文与封存的不一致，或者证明被改过");
    const entry = JSON.parse(proof.text),
      content = entry.content || {},
      said = [];
    said.push(
      [
        "封存的是",
        `${KINDS[entry.kind] || entry.kind}（第 ${proof.place} 号，检查点共 ${proof.size} 条）`,
      ],
      ["记录的时间", china.format(new Date(entry.recorded_at))],
    );
    for (const [name, text] of Object.entries(witnesses)) {
      const moment = await signedAt(proof, await readKey(text, 4));
      if (moment) said.push([`见证方 ${name}`, china.format(new Date(moment * 1000))]);
    }
    const named = [content, ...(content.files || [])]
      .flatMap((row) => [row.sha256, row.text_hash])
      .filter(Boolean);
    if (file) {
      const mine = hex(await sha256(new Uint8Array(await file.arrayBuffer())));
      if (!named.includes(mine))
        throw new Unproven("这份文件不是封存的那一份，内容有过改动，或者选错了文件");
      said.push(["文件", `${file.name} 就是封存的那一份`]);
    } else if (named.length) said.push(["文件", "没有选文件，只核对了证明本身"]);
    if (named.length) said.push(["指纹", named.join("、")]);
    return said;
  }
  function show(form, state, title, text, rows) {
    const out = form.querySelector("[data-result]"),
      part = (name) => out.querySelector(`[data-${name}]`);
    out.hidden = false;
    out.className = `res ${state}`;
    for (const each of out.querySelectorAll("[data-lamp]"))
      each.hidden = each.dataset.lamp !== state;
    part("title").textContent = title;
    part("text").textContent = text;
    part("rows").replaceChildren(
      ...rows.map(([name, value]) => {
        const row = document.createElement("div"),
          dt = document.createElement("dt"),
          dd = document.createElement("dd");
        dt.textContent = name;
        dd.textContent = value;
        dd.className = "brk";
        row.append(dt, dd);
        return row;
      }),
    );
    out.focus();
  }
  async function submit(event) {
    event.preventDefault();
    const form = event.target,
      [proof] = form.elements.proof.files,
      [file] = form.elements.file.files;
    if (!proof) {
      show(
        form,
        "r",
        "请先选择证明文件",
        "证明文件的名字以 .tlog-proof 结尾，在公示页面和文书核验页面下载。",
        [],
      );
      return;
    }
    try {
      if (proof.size > 1 << 22) throw new Unreadable("证明文件不会这么大，可能选错了文件");
      const found = readProof(await proof.text()),
        key = await readKey(form.dataset.vkey, 1);
      const rows = await check(found, key, JSON.parse(form.dataset.witnesses), file);
      show(
        form,
        "g",
        file ? "内容与封存的一致" : "证明成立",
        "在您自己的浏览器里算出，文件没有离开这台设备。",
        rows,
      );
    } catch (fault) {
      if (fault instanceof Unproven) show(form, "r", "对不上", `${fault.message}。`, []);
      else
        show(
          form,
          "r",
          "没有核对成",
          `${fault instanceof Unreadable ? fault.message : "文件的内容读不通"}。`,
          [],
        );
    }
  }
  for (const form of document.querySelectorAll("form[data-verify]")) {
    form.hidden = false;
    form.addEventListener("submit", submit);
  }
})();
