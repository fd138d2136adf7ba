// Files of a form, sent one by one by tus: pause, go on, survive a reload. The tick comes from the server alone.
"use strict";
(() => {
  const SLICE_LIMIT = 64 * 1024 * 1024;
  const DELAYS = [0, 1000, 3000, 5000, 10000, 20000, 30000, 60000];
  const STILL = new Set([0, 409, 423, 502, 503, 504]);

  const element = (name, cls, text) => {
    const made = document.createElement(name);
    if (cls) made.className = cls;
    if (text) made.textContent = text;
    return made;
  };
  const size = (bytes) =>
    bytes < 1024 * 1024
      ? `${Math.max(1, Math.round(bytes / 1024))} KB`
      : `${(bytes / 1048576).toFixed(1)} MB`;
  // Not a secret, only a name that is the same after a reload.
  const fold = (text) => {
    let hash = 0x811c9dc5;
    for (let at = 0; at < text.length; at++)
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
    return hash.toString(16);
  };

  async function digest(file) {
    // WebCrypto takes a whole buffer and only on a secure page; beyond that the server's own hash has to do.
    if (file.size > SLICE_LIMIT || !window.crypto || !crypto.subtle) return "";
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
    return [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  }

  class Sending {
    constructor(list, file, known) {
      this.list = list;
      this.file = file;
      this.name = file ? file.name : known.name;
      this.code = known ? known.code : "";
      this.client = file
        ? `web-${fold(`${list.record}|${file.name}`)}-${file.size}-${file.lastModified}`
        : known.client;
      this.state = "waiting";
      this.row = element("li");
      const title = element("span");
      title.append(element("bdi", "", this.name));
      this.word = element("span", "", "等待");
      this.bar = element("progress");
      this.bar.max = 100;
      this.bar.value = 0;
      this.bar.setAttribute("aria-label", `${this.name} 的上传进度`);
      this.note = element("small");
      this.hold = this.button("暂停", () => (this.state === "sending" ? this.pause() : this.go()));
      this.drop = this.button("移除", () => this.remove());
      const acts = element("span", "ul-act");
      acts.append(this.hold, this.drop);
      this.row.append(title, this.word, this.bar, this.note, acts);
      list.rows.append(this.row);
    }

    button(text, act) {
      const made = element("button", "btn btn-s btn-sm", text);
      made.type = "button";
      made.addEventListener("click", act);
      return made;
    }

    say(word, note, cls) {
      this.word.textContent = word;
      this.word.className = cls || "";
      this.note.textContent = note || "";
    }

    async go() {
      if (!this.file) return;
      this.state = "sending";
      this.hold.textContent = "暂停";
      this.hold.hidden = false;
      if (!this.upload) {
        this.say("计算指纹");
        try {
          this.upload = this.prepared(await digest(this.file));
        } catch (_error) {
          this.failed("读不出这个文件，请重新选择。");
          return;
        }
        const earlier = await this.upload.findPreviousUploads();
        if (earlier.length) this.upload.resumeFromPreviousUpload(earlier[0]);
      }
      // Paused while the fingerprint was computed.
      if (this.state !== "sending") return;
      this.say("正在上传");
      this.upload.start();
    }

    prepared(sha256) {
      const metadata = {
        client: this.client,
        filename: this.file.name,
        filetype: this.file.type || "application/octet-stream",
        source: this.list.source,
      };
      if (sha256) metadata.sha256 = sha256;
      if (this.list.record) metadata.record = this.list.record;
      return new tus.Upload(this.file, {
        endpoint: this.list.endpoint,
        metadata,
        retryDelays: DELAYS,
        removeFingerprintOnSuccess: true,
        fingerprint: () => Promise.resolve(this.client),
        onBeforeRequest: (request) => request.setHeader("X-CSRFToken", this.list.token()),
        onShouldRetry: (error) =>
          STILL.has(error.originalResponse ? error.originalResponse.getStatus() : 0),
        onUploadUrlAvailable: () => {
          this.code = this.upload.url.split("/").pop();
          this.list.keep();
        },
        onProgress: (sent, all) => {
          this.bar.value = all ? (100 * sent) / all : 0;
          this.note.textContent = `${size(sent)} / ${size(all)}`;
        },
        onSuccess: () => this.ask(),
        onError: (error) =>
          this.failed(
            error.originalResponse
              ? error.originalResponse.getBody()
              : "网络断开，已传的部分不会丢。请点“继续”。",
          ),
      });
    }

    pause() {
      this.state = "paused";
      if (this.upload) this.upload.abort();
      this.hold.textContent = "继续";
      this.say("已暂停", "已传的部分不会丢。");
    }

    // What the server says is what counts, also for the green tick.
    async ask() {
      let told = null;
      try {
        const answer = await fetch(`${this.list.endpoint}/${this.code}`, {
          headers: { Accept: "application/json" },
        });
        told = answer.ok ? await answer.json() : null;
      } catch (_error) {
        told = null;
      }
      if (told && told.state === "stored") this.stored(told);
      else if (told && told.state === "open" && !this.file) this.left(told);
      else if (told && this.file)
        this.failed(`服务器还没有收妥（${told.state_name}）。请点“继续”。`);
      else if (this.file) this.failed("问不到服务器是否收妥，请点“继续”。");
      else this.gone();
    }

    stored(told) {
      this.state = "stored";
      this.bar.value = 100;
      this.bar.hidden = true;
      this.hold.hidden = true;
      this.row.querySelector("bdi").textContent = told.name;
      this.say("✓ 已收妥", `${size(told.length)}，指纹 ${told.sha256.slice(0, 16)}…`, "ul-ok");
      this.list.keep();
    }

    left(told) {
      this.state = "left";
      this.bar.value = (100 * told.offset) / told.length;
      this.hold.hidden = true;
      this.say("没有传完", "请重新选择这个文件，会从断开的地方接着传。");
    }

    failed(sentence) {
      this.state = "failed";
      this.hold.textContent = "继续";
      this.say("没有传上", sentence, "ul-bad");
      this.list.keep();
    }

    gone() {
      this.row.remove();
      this.list.forget(this);
    }

    async remove() {
      if (this.upload && this.state !== "stored")
        await this.upload.abort(true).catch(() => undefined);
      this.gone();
    }
  }

  class List {
    constructor(box) {
      this.box = box;
      this.endpoint = box.dataset.uploads;
      this.record = box.dataset.record || "";
      this.source = box.dataset.source || "desk";
      this.form = box.closest("form");
      this.input = box.querySelector("input[type=file]");
      this.codes = box.querySelector("[data-uploads-codes]");
      this.rows = box.querySelector("[data-uploads-list]");
      this.status = box.querySelector("[data-uploads-say]");
      this.files = [];
      this.hurried = false;
      this.memory = `uploads:${location.pathname}`;
      // Chosen files are sent by themselves, so the form must not carry them a second time.
      this.input.removeAttribute("name");
      box.querySelector("[data-uploads-plain]").hidden = true;
      this.input.addEventListener("change", () => {
        this.add([...this.input.files]);
        this.input.value = "";
      });
      this.dropping(box.querySelector("[data-uploads-drop]"));
      if (this.form)
        this.form.addEventListener("submit", (event) => this.check(event), { capture: true });
      this.restore();
    }

    token() {
      const field = document.querySelector("input[name=csrfmiddlewaretoken]");
      return field ? field.value : "";
    }

    dropping(place) {
      place.hidden = false;
      for (const kind of ["dragover", "dragleave", "drop"]) {
        place.addEventListener(kind, (event) => {
          event.preventDefault();
          place.classList.toggle("over", kind === "dragover");
        });
      }
      place.addEventListener("drop", (event) => this.add([...event.dataTransfer.files]));
    }

    add(files) {
      for (const file of files) {
        const fresh = new Sending(this, file, null);
        const same = this.files.find((each) => each.client === fresh.client);
        if (same && same.state !== "left" && same.state !== "failed") {
          fresh.row.remove();
          this.status.textContent = `“${file.name}”已经在列表里。`;
          continue;
        }
        if (same) same.gone();
        this.files.push(fresh);
        if (file.size === 0) fresh.failed("文件是空的（0 字节），请从设备重新导出后再选。");
        else fresh.go();
      }
    }

    forget(row) {
      this.files = this.files.filter((each) => each !== row);
      this.keep();
    }

    keep() {
      this.codes.value = this.files
        .filter((each) => each.state === "stored")
        .map((each) => each.code)
        .join(" ");
      this.tell();
      const known = this.files
        .filter((each) => each.code)
        .map((each) => ({ code: each.code, name: each.name, client: each.client }));
      try {
        sessionStorage.setItem(this.memory, JSON.stringify(known));
      } catch (_error) {
        // Without storage a reload forgets the list; the server still has the files.
        this.memory = "";
      }
    }

    // Whoever pressed the button too early is told so until the files are there, whatever arrives in between.
    tell() {
      const left = this.files.filter((each) => each.state !== "stored").length;
      if (!left) this.hurried = false;
      const rest = this.hurried ? "，请等它传完，或者移除后再提交。" : "。";
      this.status.textContent = this.files.length
        ? left
          ? `还有 ${left} 个文件没有传完${rest}`
          : `${this.files.length} 个文件都已收妥。`
        : "";
    }

    restore() {
      let known = [];
      try {
        known = JSON.parse(sessionStorage.getItem(this.memory) || "[]");
      } catch (_error) {
        known = [];
      }
      // A form that came back with something to correct names what it had.
      for (const code of this.codes.value.split(" ").filter(Boolean)) {
        if (!known.some((each) => each.code === code))
          known.push({ code, name: code, client: code });
      }
      for (const each of known) {
        const row = new Sending(this, null, each);
        row.hold.hidden = true;
        this.files.push(row);
        row.ask();
      }
    }

    check(event) {
      const left = this.files.filter((each) => each.state !== "stored");
      if (left.length) {
        event.preventDefault();
        event.stopImmediatePropagation();
        this.hurried = true;
        this.tell();
        this.box.scrollIntoView({ block: "center" });
        return;
      }
      try {
        sessionStorage.removeItem(this.memory);
      } catch (_error) {
        this.memory = "";
      }
    }
  }

  if (window.tus && tus.isSupported)
    for (const box of document.querySelectorAll("[data-uploads]")) new List(box);
})();
