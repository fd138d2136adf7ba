// What is only here, on its way, taken in, sealed; the room on this phone; export by cable.
import * as storage from "./storage.js";
import * as clock from "./clock.js";
import * as sending from "./sending.js";
import { button, card, el, icon, link, size } from "./draw.js";
import { mayUpload, push } from "./app.js";
import { mine } from "./home.js";

const NAMES = {
  identified: "亮证登记",
  arrival: "到场",
  rights: "告知权利义务",
  recording: "音像记录",
  photo: "照片",
  text: "补全说明",
  checklist: "逐项检查",
  signature: "现场笔录和签名",
};
const LOOKS = {
  draft: ["s1", "box"],
  ready: ["s1", "box"],
  sending: ["s2", "upload"],
  received: ["s2", "upload"],
  done: ["s3", "check"],
  sealed: ["s5", "seal"],
  held: ["s1", "info"],
  refused: ["bad", "info"],
  conflict: ["bad", "info"],
  clock: ["bad", "clock"],
};
// What an hour of film takes at the size we ask of the camera, seen on phones: an estimate, said as one.
const HOUR = 1.2e9;

function percent(files) {
  const all = files.reduce((sum, file) => sum + file.size, 0);
  return all
    ? Math.floor((100 * files.reduce((sum, file) => sum + Math.min(file.sent, file.size), 0)) / all)
    : 0;
}

const resend = (app, thing, change) => async () => {
  await storage.put({ ...thing, ...change, state: "ready" });
  app.redraw();
  await push();
};

function mending(app, thing) {
  const out = [];
  if (thing.state === "conflict")
    out.push(button("仍然提交", resend(app, thing, { again: true }), "btn btn-s"));
  if (thing.state === "refused" && thing.kind !== "recording")
    out.push(link(`#/form/${thing.record}/${thing.kind}/${thing.client}`, "btn btn-p", "修改"));
  if (thing.state === "refused") out.push(button("再试一次", resend(app, thing, {}), "btn btn-s"));
  if (thing.state === "held") out.push(link(`#/form/${thing.record}/text`, "btn btn-p", "补全"));
  if (thing.state === "clock") {
    const input = Object.assign(el("input", "input"), {
      type: "datetime-local",
      step: "1",
      value: clock.local(thing.at),
    });
    input.setAttribute("aria-label", "核对后的发生时间");
    out.push(
      input,
      button(
        "按这个时间提交",
        () => resend(app, thing, { checked_at: input.value })(),
        "btn btn-p",
      ),
    );
  }
  return out.length ? el("div", "row", ...out) : "";
}

async function item(app, thing) {
  const files = (await storage.files(thing.client)).filter((file) => !file.empty);
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const [look, picture] = LOOKS[thing.state] || LOOKS.ready;
  const part = percent(files);
  const words =
    thing.state === "sending" && files.length
      ? `上传中 ${part}%`
      : thing.state === "sealed"
        ? `已封存 ${clock.spoken(Date.parse(thing.sealed))}`
        : sending.SAY[thing.state];
  const made = el(
    "li",
    "",
    el(
      "div",
      "qt",
      el("b", "", `${NAMES[thing.kind] || thing.kind}　${clock.clock(thing.at || Date.now())}`),
      el("span", "num", bytes ? size(bytes) : ""),
    ),
    el("p", "muted", thing.title),
    el("div", `qs ${look}`, icon(picture), words),
  );
  if (thing.state === "sending" && files.length) {
    const bar = Object.assign(el("progress", "bar"), { max: 100, value: part });
    bar.setAttribute("aria-label", `${NAMES[thing.kind]}的上传进度`);
    made.append(bar);
  }
  if (thing.say && thing.state !== "done" && thing.state !== "sealed")
    made.append(el("p", "", thing.say));
  if (thing.missing.length)
    made.append(el("ul", "lack1", ...thing.missing.map((each) => el("li", "", each))));
  if (files.some((file) => file.source === "gallery"))
    made.append(el("div", "qs s4", icon("info"), "含相册文件，已标明非现场拍摄"));
  made.append(mending(app, thing));
  return made;
}

async function meter(app) {
  const room = await storage.room();
  if (!room) return el("p", "small muted gap", "这个浏览器不说本机还有多少空间。");
  const left = Math.max(0, room.all - room.used);
  const bar = Object.assign(el("progress", "bar"), { max: room.all, value: room.used });
  bar.setAttribute("aria-label", "本机空间已用");
  const sealed = (await mine(app)).filter((each) => each.state === "sealed");
  const clear = async () => {
    for (const thing of sealed) await storage.forget(thing.client);
    app.redraw();
  };
  return el(
    "div",
    "store",
    el(
      "div",
      "between",
      el("b", "", "本机空间"),
      el(
        "span",
        "num",
        `约可录 ${Math.floor(left / HOUR)} 小时 ${Math.floor(((left / HOUR) % 1) * 60)} 分`,
      ),
    ),
    bar,
    el(
      "p",
      "small muted",
      `浏览器可用 ${size(room.all)}，已用 ${size(room.used)}。可录时间按一般画质估计。`,
    ),
    sealed.length ? button(`从本机清理已封存的 ${sealed.length} 项`, clear, "btn btn-s") : "",
  );
}

async function wifi(app) {
  const input = Object.assign(el("input"), {
    type: "checkbox",
    checked: Boolean(await storage.setting("wifi-only")),
  });
  input.addEventListener("change", async () => {
    await storage.set("wifi-only", input.checked);
    app.redraw();
  });
  const known = navigator.connection && navigator.connection.type !== undefined;
  return el(
    "label",
    "switch",
    input,
    el(
      "span",
      "",
      el("b", "", "只在 Wi-Fi 下上传"),
      el(
        "small",
        "",
        known
          ? "用手机流量时先存在本机。"
          : "这个浏览器不告诉我们用的是不是 Wi-Fi，开关管不住；要省流量请先关掉手机数据。",
      ),
    ),
  );
}

function save(blob, name) {
  const way = link(URL.createObjectURL(blob), "");
  way.download = name;
  way.click();
  setTimeout(() => URL.revokeObjectURL(way.href), 60000);
}

// Handing over by cable: every file as it is, and one list that says what belongs to what, with the hashes of the slices.
async function carry(app) {
  const rows = await mine(app);
  const list = [];
  for (const thing of rows) {
    const files = (await storage.files(thing.client)).filter((file) => !file.empty);
    list.push({
      ...thing,
      files: files.map(({ id, name, type, at, offset, source, size: bytes, slices, broken }) => ({
        id,
        name,
        type,
        at,
        offset,
        source,
        bytes,
        slices,
        broken,
      })),
    });
    for (const file of files) save(await storage.whole(file), file.name);
  }
  save(
    new Blob([JSON.stringify({ person: app.person, made: clock.iso(), things: list }, null, 1)], {
      type: "application/json",
    }),
    `采集清单-${clock.local(Date.now()).replace(/[-:]/g, "").replace("T", "-")}.json`,
  );
  app.say("已导出。请用数据线把下载的文件交到办公室。");
}

export async function screen(app) {
  const rows = (await mine(app)).sort((one, other) => other.at - one.at);
  const left = rows.filter((each) => sending.LEFT.has(each.state));
  const files = (await Promise.all(left.map((each) => storage.files(each.client)))).flat();
  const bytes = files.reduce((sum, file) => sum + file.size - Math.min(file.sent, file.size), 0);
  const can = await mayUpload();
  const body = [
    rows.length
      ? el("ul", "que", ...(await Promise.all(rows.map((each) => item(app, each)))))
      : card("calm", "check", "本机没有采集的材料"),
    await wifi(app),
    await meter(app),
    rows.length
      ? el(
          "p",
          "gap",
          button(
            "导出全部，用数据线交到办公室",
            () => carry(app),
            "btn btn-s btn-block",
            "download",
          ),
        )
      : "",
  ];
  const go = button(
    sending.working() ? "正在上传……" : `立即全部上传${bytes ? `（约 ${size(bytes)}）` : ""}`,
    push,
    "btn btn-p btn-lg btn-block",
    "upload",
  );
  go.disabled = !left.length || !can;
  return {
    title: "上传情况",
    under: left.length ? `${left.length} 项没有入库，关机、断电也不丢` : "都已入库",
    back: "",
    body,
    foot: left.length
      ? [can ? "" : el("p", "small muted", "现在不能上传：没有网络，或者只许用 Wi-Fi。"), go]
      : null,
  };
}
