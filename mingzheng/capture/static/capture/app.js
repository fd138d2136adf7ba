// Where the phone begins: is it able, who is it, which screen. One page, addresses after the hash.
import { addresses } from "./addresses.js";
import * as storage from "./storage.js";
import * as clock from "./clock.js";
import * as recorder from "./recorder.js";
import * as sending from "./sending.js";
import { el, icon, link } from "./draw.js";
import * as home from "./home.js";
import * as matter from "./matter.js";
import * as recording from "./recording.js";
import * as queue from "./queue.js";

const main = document.getElementById("main");
const status = document.getElementById("status");
const SCREENS = {
  "": home.screen,
  queue: queue.screen,
  m: matter.screen,
  show: matter.show,
  form: matter.form,
  say: recording.say,
  rec: recording.film,
  end: recording.end,
};
let shown = "";
let drawing = null;

export const app = {
  person: null,
  online: navigator.onLine,
  out: false,
  run: null,
  left: [],
  say: (text) => {
    status.textContent = text;
  },
  go: (address) => {
    if (location.hash === `#${address}`) draw();
    else location.hash = address;
  },
  redraw: () => draw(),
  // Sending may go on beside a screen; only the queue and the home page show its steps.
  told: () => {
    if (shown === "" || shown === "queue" || document.querySelector("[data-waiting]")) draw();
  },
};

export async function mayUpload() {
  const wifi = await storage.setting("wifi-only");
  const line = navigator.connection;
  return (
    navigator.onLine &&
    (!wifi || !line || line.type === undefined || line.type === "wifi" || line.type === "ethernet")
  );
}

export async function push() {
  if (await mayUpload()) await sending.all(app.told);
  app.told();
}

function header(title, under, back) {
  const pill = app.run?.on
    ? link(
        `#/rec/${app.run.record}`,
        "rec",
        el("span", "num", "录制中 "),
        el("span", "num", "00:00"),
      )
    : el("span", app.online ? "on1" : "off1", app.online ? "有网络" : "无网络");
  if (app.run?.on) pill.dataset.run = "";
  const way = back === null ? "" : link(back || "#/", "", icon(back ? "left" : "home"));
  if (way) way.setAttribute("aria-label", back ? "返回上一页" : "返回采集首页");
  return el("header", "cb1", way, el("div", "", el("h1", "", title), el("small", "", under)), pill);
}

async function draw() {
  // One drawing after the other, and the last wish wins: screens read the store, which takes a moment.
  const wish = {};
  drawing = wish;
  const [, name = "", ...rest] = location.hash.replace(/^#/, "").split("/");
  const made = await (SCREENS[name] || SCREENS[""])(app, ...rest);
  if (drawing !== wish) return;
  const moved = shown !== name;
  shown = name;
  document.title = `${made.title} · 现场采集 · 明证`;
  const body = el("div", "cbody", ...made.body);
  main.replaceChildren(
    header(made.title, made.under || "", made.back),
    body,
    ...(made.foot ? [el("footer", "cfoot", ...made.foot)] : []),
  );
  if (made.after) made.after(body);
  if (moved) {
    main.focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

setInterval(() => {
  if (!app.run || !app.run.on) return;
  for (const each of document.querySelectorAll("[data-run] .num:last-child, [data-length]"))
    each.textContent = clock.length(app.run.length);
}, 500);

async function settle() {
  const told = await sending.refresh();
  app.online = told !== null;
  app.out = Boolean(told?.out);
  app.person = (await storage.setting("person")) || null;
  draw();
  if (!told || told.out) return;
  await sending.fill(app.told);
  await push();
}

async function start() {
  const lacking = [
    [!window.isSecureContext, "不是安全连接（https）"],
    [!("serviceWorker" in navigator), "浏览器不支持离线使用"],
    [!recorder.able(), "浏览器不能使用相机和麦克风录制"],
    [!window.indexedDB, "浏览器不能在本机保存"],
  ]
    .filter(([bad]) => bad)
    .map(([, why]) => why);
  if (lacking.length) {
    document.getElementById("why").textContent =
      `这里不能现场录制和离线保存：${lacking.join("，")}。请用手机自带的浏览器通过 https 地址打开，或者改用普通上传。`;
    return;
  }
  navigator.serviceWorker
    .register(addresses.worker, { scope: addresses.page })
    .catch(() => app.say("没有装好离线页面，断网后不能打开。"));
  storage.hold();
  await clock.recall();
  app.person = (await storage.setting("person")) || null;
  app.left = await recorder.recover();
  addEventListener("hashchange", draw);
  addEventListener("online", settle);
  addEventListener("offline", () => {
    app.online = false;
    draw();
  });
  addEventListener("beforeunload", (event) => {
    if (app.run?.on) event.preventDefault();
  });
  await draw();
  await settle();
}

start();
