// Today's visits and the other matters; what a crash left; signing out.
import { addresses } from "./addresses.js";
import * as storage from "./storage.js";
import * as clock from "./clock.js";
import * as sending from "./sending.js";
import { button, card, el, icon, link } from "./draw.js";

export async function mine(app) {
  const all = await storage.things();
  return all.filter((each) => app.person && each.person === app.person.id);
}

function pick(row) {
  return el(
    "li",
    "",
    link(
      `#/m/${row.id}`,
      "",
      el("b", "", row.title),
      el("span", "", row.party || row.place),
      el("small", "", row.state),
    ),
  );
}

function section(title, rows, none) {
  return [
    el("h2", "gap", title),
    el("ul", "picks", ...(rows.length ? rows.map(pick) : [el("li", "none", none)])),
  ];
}

async function notes(app) {
  const out = [];
  if (app.out)
    out.push(
      card(
        "bad",
        "key",
        "登录已过期",
        el("span", "", "手机里的材料还在。重新登录后才能上传和更新。"),
        link(`${addresses.login}?next=${addresses.page}`, "btn btn-p", "重新登录"),
      ),
    );
  if (clock.leapt())
    out.push(
      card(
        "bad",
        "clock",
        "手机的时钟刚刚被调整过",
        el("span", "", "联网后会重新与平台对时；对时之前采集的，提交时要核对时间。"),
      ),
    );
  else if (clock.offset() === null)
    out.push(
      card(
        "calm",
        "clock",
        "还没有与平台对过时",
        el("span", "", "联网一次即可。现在采集的先按手机的时间记。"),
      ),
    );
  else if (Math.abs(clock.offset()) > 30000)
    out.push(
      card(
        "calm",
        "clock",
        `手机比平台${clock.offset() > 0 ? "快" : "慢"} ${Math.round(Math.abs(clock.offset()) / 1000)} 秒`,
        el("span", "", "会按平台的时间记，误差一并保存。"),
      ),
    );
  for (const file of app.left) {
    const thing = await storage.thing(file.client);
    if (!thing) continue;
    out.push(
      card(
        "bad",
        "video",
        "有一段没有结束的录制",
        el("span", "", `${file.name}，已保住 ${clock.length(file.length)}。浏览器当时意外关闭。`),
        link(`#/rec/${thing.record}`, "btn btn-p", "接着处理"),
      ),
    );
  }
  const others = (await storage.things()).filter(
    (each) => app.person && each.person !== app.person.id && sending.LEFT.has(each.state),
  ).length;
  if (others)
    out.push(
      card(
        "calm",
        "user",
        `本机还有别人的 ${others} 项没有入库`,
        el("span", "", "请其本人登录后上传。"),
      ),
    );
  return out;
}

async function out(app) {
  const left = (await mine(app)).filter(
    (each) => sending.LEFT.has(each.state) || each.state === "draft",
  );
  if (left.length && !app.sure) {
    app.sure = true;
    app.redraw();
    return;
  }
  app.sure = false;
  if (app.run) await app.run.stop();
  const well = await sending.leave().catch(() => false);
  await storage.wipe();
  Object.assign(app, { person: null, out: true, left: [], run: null });
  app.say(
    well
      ? "已退出，本机的案件资料已清掉。"
      : "本机的案件资料已清掉；没有网络，平台上的登录要等过期。",
  );
  app.go("/");
  app.redraw();
}

export async function screen(app) {
  const rows = await storage.matters();
  const today = clock.day(clock.right());
  const now = rows.filter((row) => row.planned === today);
  const others = rows.filter((row) => row.planned !== today);
  const left = (await mine(app)).filter((each) => sending.LEFT.has(each.state));
  const foot = [
    link(
      "#/queue",
      "btn btn-p btn-lg btn-block",
      icon("upload"),
      left.length ? `待上传 ${left.length} 项` : "上传情况和本机空间",
    ),
  ];
  const body = [...(await notes(app))];
  if (app.person) {
    body.push(
      ...section("今天的检查", now, "今天没有安排检查。"),
      ...section("其他在办", others, "没有其他在办的案件。"),
    );
    if (app.sure)
      body.push(
        card(
          "bad",
          "info",
          "还有没入库的材料",
          el(
            "span",
            "",
            "退出会把它们从本机清掉，清掉就找不回来了。请先上传，或者到“上传情况”里导出。",
          ),
        ),
      );
    body.push(
      el(
        "p",
        "done1",
        button(app.sure ? "仍然退出并清掉" : "退出登录，清掉本机资料", () => out(app), "btn btn-t"),
      ),
    );
  } else if (!app.out)
    body.push(
      card(
        "calm",
        "user",
        "还没有登录",
        el("span", "", "联网登录一次，案件就会存到本机，之后没有网络也能用。"),
        link(`${addresses.login}?next=${addresses.page}`, "btn btn-p", "登录"),
      ),
    );
  return {
    title: "现场采集",
    under: app.person ? `${app.person.name}　${app.person.body}` : "没有登录",
    back: null,
    body,
    foot,
  };
}
