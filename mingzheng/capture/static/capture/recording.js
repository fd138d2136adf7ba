// The recording of one step: say the five points, film and take pictures, mark, describe. One draft a matter until it is ended.
import * as storage from "./storage.js";
import * as clock from "./clock.js";
import * as recorder from "./recorder.js";
import { button, card, el, form as asked, icon, link, size } from "./draw.js";
import { push } from "./app.js";
import { gone, thingOf } from "./matter.js";

const USUAL_SAY = [
  ["department", "部门"],
  ["officers", "人员"],
  ["matter", "事由"],
  ["time", "时间"],
  ["place", "地点"],
];
const USUAL_MARKS = ["亮证", "告知", "关键点"];
const MOVING = new Set(["video", "audio"]);

export const kindOf = (row) => row.kinds.find((each) => each.code === "recording");

export async function draft(app, row, make = true) {
  const found = (await storage.things()).find(
    (each) =>
      each.record === row.id &&
      each.state === "draft" &&
      app.person &&
      each.person === app.person.id,
  );
  if (found || !make) return found || null;
  const steps = Object.keys(row.rules);
  // An inspection is recorded from its arrival on; else the strictest step of the list comes first.
  const step =
    steps.find((each) => each === "inspection.started") ||
    steps.find((each) => row.rules[each].mode === "whole") ||
    steps[0] ||
    "";
  const fresh = { ...thingOf(app, row, "recording", {}), state: "draft", step, at: 0 };
  await storage.put(fresh);
  return fresh;
}

export function ruleOf(row, step) {
  const rule =
    row.rules[
      step || (row.rules["inspection.started"] ? "inspection.started" : Object.keys(row.rules)[0])
    ];
  if (!rule) return "";
  const unsure = rule.unknown.length
    ? `下列情况没有确认前，按最严的要求：${rule.unknown.join("、")}。`
    : "";
  return card(
    rule.mode === "whole" || rule.mode === "required" ? "" : "calm",
    "video",
    rule.sentence,
    el(
      "span",
      "",
      `${rule.name.replace(/（.*/, "")}${rule.text ? `：${rule.text}` : ""}${rule.source ? `（${rule.source}）` : ""}。${unsure}`,
    ),
  );
}

async function begin(app, thing, kind) {
  try {
    app.run = new recorder.Run(thing.client, kind, () => undefined);
    app.run.record = thing.record;
    await app.run.start();
  } catch (error) {
    app.run = null;
    app.say("没有打开相机或者麦克风。");
    app.fault =
      error && error.name === "NotAllowedError"
        ? "没有允许使用相机或者麦克风。请在浏览器的网站设置里允许，再试一次。"
        : "打不开相机或者麦克风，可能正被别的应用占用。";
    app.redraw();
    return;
  }
  app.fault = "";
  const now = await storage.thing(thing.client);
  if (!now.at) await storage.put({ ...now, at: app.run.file.at, offset: app.run.file.offset });
  app.redraw();
}

export async function halt(app) {
  if (!app.run) return;
  await app.run.stop();
  app.fault = app.run.fault;
  app.run = null;
}

function steps(app, row, thing) {
  const made = el("select", "input");
  made.append(
    ...Object.entries(row.rules).map(
      ([key, rule]) => new Option(rule.name, key, false, key === thing.step),
    ),
  );
  made.id = "step";
  made.addEventListener("change", async () => {
    await storage.put({ ...(await storage.thing(thing.client)), step: made.value });
    app.redraw();
  });
  return el(
    "div",
    "q gap",
    Object.assign(el("label", "small muted", "记录的是哪一环节"), { htmlFor: "step" }),
    made,
  );
}

export async function say(app, id) {
  const row = await storage.matter(id);
  if (!row || !row.kinds || !app.person) return gone(`#/m/${id}`);
  const thing = await draft(app, row);
  const rule = row.rules[thing.step] || { say: [], mode: "" };
  const points = rule.say.length ? rule.say : USUAL_SAY;
  const words = { ...row.prompt, time: clock.spoken(clock.right()) };
  const on = Boolean(app.run?.on);
  const rows = points.map(([key, name]) => {
    const field = rule.say.length ? `said-${key}` : `line-${key}`;
    const done = Boolean(thing.fields[field]);
    const made = el(
      "button",
      "",
      el("span", "muted", name.replace(/^执法/, "")),
      el("b", "", words[key] || name),
      el("em", "", done ? "已说" : "未说"),
    );
    made.type = "button";
    made.setAttribute("aria-pressed", String(done));
    made.addEventListener("click", async () => {
      const fields = { ...thing.fields, [field]: done ? "" : words[key] || name };
      fields.spoken = rule.say.length
        ? ""
        : points
            .map(([each, label]) => fields[`line-${each}`] && `${label}：${fields[`line-${each}`]}`)
            .filter(Boolean)
            .join("；");
      await storage.put({ ...(await storage.thing(thing.client)), fields });
      app.redraw();
    });
    return el("li", "", made);
  });
  const press = async () => {
    if (!on) await begin(app, thing, rule.mode === "whole" ? "video" : "audio");
    else if (rule.mode === "whole") app.go(`/rec/${id}`);
    else {
      await halt(app);
      app.go(`/rec/${id}`);
    }
  };
  const talk = button("", press, "talk");
  talk.append(
    icon("mic"),
    el("span", "", !on ? "开始" : rule.mode === "whole" ? "说完了" : "结束"),
  );
  return {
    title: "语音说明",
    under: row.title,
    back: `#/m/${id}`,
    body: [
      app.fault ? card("bad", "info", app.fault) : "",
      el("h2", "", "边录边说，说到一项点一项"),
      el("ul", "say", ...rows),
      el(
        "p",
        "small muted gap",
        rule.mode === "whole"
          ? "本环节全程录像：说完继续录，不要停。"
          : "按一下开始录音，说完再按一下。",
      ),
      steps(app, row, thing),
    ],
    foot: [talk],
  };
}

async function photograph(app, thing, input, source) {
  for (const file of input.files) await recorder.still(thing.client, file, source);
  const now = await storage.thing(thing.client);
  if (!now.at) await storage.put({ ...now, at: Date.now(), offset: clock.offset() });
  app.redraw();
}

function picker(text, picture, camera, take) {
  const input = Object.assign(el("input"), {
    type: "file",
    accept: camera ? "image/*" : "image/*,video/*",
    multiple: !camera,
  });
  if (camera) input.setAttribute("capture", "environment");
  input.addEventListener("change", () => take(input));
  return el("label", "btn btn-s", icon(picture), text, input);
}

async function mark(app, thing, name) {
  const now = await storage.thing(thing.client);
  const ms = Math.max(0, Date.now() - (now.at || Date.now()));
  await storage.put({ ...now, marks: [...now.marks, { ms, name }] });
  app.say(`已标记：${name}`);
  app.redraw();
}

async function rescue(app, thing) {
  const now = await storage.thing(thing.client);
  const going = now.rescue && !now.rescue.until;
  await storage.put({
    ...now,
    rescue: going ? { ...now.rescue, until: Date.now() } : { since: Date.now(), until: 0 },
  });
  if (!going) await halt(app);
  app.redraw();
}

function rescuing(app, thing) {
  const on = thing.rescue && !thing.rescue.until;
  const made = button("", () => rescue(app, thing), on ? "save on" : "save", "plus");
  const spent = thing.rescue
    ? clock.length((thing.rescue.until || Date.now()) - thing.rescue.since)
    : "";
  made.append(
    el(
      "span",
      "",
      el("b", "", on ? "正在救人，录制已停" : "有人员危险？先救人，后补录"),
      el(
        "small",
        "",
        on
          ? `${clock.clock(thing.rescue.since)} 开始；人安全后点这里，接着录`
          : thing.rescue
            ? `已记 ${clock.clock(thing.rescue.since)} 起 ${spent}`
            : "点此停录并单独计时，之后补录、写明经过",
      ),
    ),
  );
  return made;
}

function cameras(app, thing, on, video) {
  if (on) {
    const shot = async () => {
      if (app.run.kind === "video" && video.videoWidth) await app.run.frame(video);
      app.redraw();
    };
    return [
      app.run.kind === "video"
        ? button("拍照", shot, "btn btn-p", "camera")
        : picker("拍照", "camera", true, (input) => photograph(app, thing, input, "live")),
      button(
        "停止录制",
        async () => {
          await halt(app);
          app.redraw();
        },
        "btn btn-s",
        "x",
      ),
    ];
  }
  return [
    button("录像", () => begin(app, thing, "video"), "btn btn-p", "video"),
    button("录音", () => begin(app, thing, "audio"), "btn btn-s", "mic"),
    picker("拍照", "camera", true, (input) => photograph(app, thing, input, "live")),
    picker("从相册选", "image", false, (input) => photograph(app, thing, input, "gallery")),
  ];
}

function running(app) {
  const made = el("span", "num", clock.length(app.run.length));
  made.dataset.length = "";
  return made;
}

export async function film(app, id) {
  const row = await storage.matter(id);
  if (!row || !row.kinds || !app.person) return gone(`#/m/${id}`);
  const thing = await draft(app, row);
  app.left = app.left.filter((file) => file.client !== thing.client);
  const files = (await storage.files(thing.client))
    .filter((file) => !file.empty)
    .sort((one, other) => one.at - other.at);
  const on = Boolean(app.run?.on && app.run.client === thing.client);
  const rule = row.rules[thing.step] || { marks: [] };
  const video = Object.assign(el("video"), { muted: true, playsInline: true, autoplay: true });
  video.setAttribute("aria-label", "相机画面");
  if (on && app.run.kind === "video") video.srcObject = app.run.stream;
  const view = el(
    "div",
    "view",
    on && app.run.kind === "video" ? video : el("p", "", on ? "正在录音" : "没有在录制"),
  );
  const marks = (rule.marks.length ? rule.marks : USUAL_MARKS).map((name) =>
    button(name, () => mark(app, thing, name), "btn btn-s", "flag"),
  );
  const taken = files.map((file) =>
    el(
      "li",
      "",
      el(
        "span",
        "",
        `${file.name.split("-")[0]} ${clock.clock(file.at - (file.offset || 0))}${MOVING.has(file.kind) ? `　${clock.length(file.length)}` : ""}${file.broken ? "　意外中断，已保住" : ""}${file.source === "gallery" ? "　非现场拍摄" : ""}`,
      ),
      el("span", "num muted", size(file.size)),
    ),
  );
  return {
    title: "录制与拍照",
    under: row.title,
    back: `#/m/${id}`,
    body: [
      app.fault ? card("bad", "info", app.fault) : "",
      ruleOf(row, thing.step),
      view,
      on
        ? el(
            "p",
            "row gap",
            el("span", "rec", "录制中 ", running(app)),
            el("span", "small muted", "边录边存，断电也只少最后几秒"),
          )
        : "",
      el("div", "keys", ...cameras(app, thing, on, video)),
      el("h2", "gap", "打标记"),
      el("div", "keys", ...marks),
      thing.marks.length
        ? el(
            "p",
            "marked",
            ...thing.marks.map((each) => el("span", "", `${clock.length(each.ms)} ${each.name}`)),
          )
        : "",
      taken.length ? el("ul", "taken", ...taken) : "",
      rescuing(app, thing),
    ],
    foot: [
      button(
        "结束录制，写文字说明",
        async () => {
          await halt(app);
          app.go(`/end/${id}`);
        },
        "btn btn-s btn-lg btn-block",
      ),
    ],
    after: () => {
      if (on && app.run.kind === "video") video.play().catch(() => undefined);
    },
  };
}

// When the last moving file ended; of photographs alone, now.
function over(files) {
  const moving = files.filter((file) => MOVING.has(file.kind));
  return moving.length ? Math.max(...moving.map((file) => file.at + file.length)) : Date.now();
}

function usual(thing) {
  const rescued = thing.rescue
    ? {
        gap_ground: "rescue",
        gap_why: `${clock.clock(thing.rescue.since)} 至 ${clock.clock(thing.rescue.until || Date.now())} 先行救人，`,
      }
    : {};
  return { ...rescued, ...thing.fields };
}

export async function end(app, id) {
  const row = await storage.matter(id);
  if (!row || !row.kinds || !app.person) return gone(`#/m/${id}`);
  const thing = await draft(app, row);
  await halt(app);
  const files = (await storage.files(thing.client)).filter((file) => !file.empty);
  const already = new Set(Object.keys(thing.fields).filter((name) => thing.fields[name]));
  const fields = kindOf(row).fields.filter(
    (field) =>
      field.name !== "step" && !(field.name.startsWith("said-") && already.has(field.name)),
  );
  const made = asked(fields, usual(thing));
  const save = async () => {
    const typed = made.read();
    const marks = thing.marks.map((each) => `${clock.length(each.ms)} ${each.name}`).join("\n");
    const said = Object.fromEntries(
      Object.entries(thing.fields).filter(([name, value]) => name.startsWith("said-") && value),
    );
    await storage.put({
      ...thing,
      fields: { ...typed, ...said, step: thing.step, source: "live", marks },
      ended: Math.max(over(files), thing.at),
      state: "ready",
    });
    app.say("已存到本机。");
    app.go(`/m/${id}`);
    push();
  };
  const none = card(
    "bad",
    "info",
    "还没有录像、录音或者照片",
    link(`#/rec/${id}`, "btn btn-p", "去录制"),
  );
  return {
    title: "文字说明",
    under: row.title,
    back: `#/rec/${id}`,
    body: [files.length ? "" : none, ruleOf(row, thing.step), made.node],
    foot: files.length
      ? [button("存到本机，有网络就上传", save, "btn btn-p btn-lg btn-block")]
      : null,
  };
}
