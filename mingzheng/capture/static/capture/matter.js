// One matter on the spot: the steps in order, the code to show, the forms of the steps.
import * as storage from "./storage.js";
import * as clock from "./clock.js";
import { card, drawing, el, form as asked, icon, link, button } from "./draw.js";
import { push } from "./app.js";
import { draft, ruleOf } from "./recording.js";
import { SAY, fetched } from "./sending.js";

export function gone(back = "") {
  const note = card(
    "calm",
    "info",
    "这件案子还没有存到本机",
    el("span", "", "有网络时正在取，取到就显示；没有网络的，联网打开一次采集首页。"),
  );
  note.dataset.waiting = "";
  return { title: "还没有取到", back, body: [note] };
}

function line(href, title, under, state, picture) {
  const made = el(
    "li",
    state,
    link(href, "go1", el("span", "", el("b", "", title), el("small", "", under)), icon(picture)),
  );
  if (state === "cur") made.querySelector("a").setAttribute("aria-current", "step");
  return made;
}

// What lies on the phone of one kind, newest last; in words that are true.
function told(list, kind) {
  const found = list.filter((each) => each.kind === kind);
  const last = found[found.length - 1];
  return last
    ? `${clock.clock(last.at)}　${SAY[last.state] || ""}${found.length > 1 ? `（共 ${found.length} 份）` : ""}`
    : "";
}

async function lines(app, row, own) {
  const open = await draft(app, row, false);
  const files = open ? (await storage.files(open.client)).filter((file) => !file.empty) : [];
  const said =
    open && Object.keys(open.fields).some((name) => name.startsWith("said-") || name === "spoken");
  const sent = told(
    own.filter((each) => each.state !== "draft"),
    "recording",
  );
  const out = [];
  if (row.code)
    out.push([
      `#/show/${row.id}`,
      "亮证",
      "当事人用手机扫码：看得到事项、依据、检查人员和证件",
      own.some((each) => each.kind === "identified") || row.standing.includes("officer.identified"),
      "badge",
    ]);
  for (const kind of row.kinds) {
    const done = told(own, kind.code) || (row.standing.includes(kind.key) ? "已入库" : "");
    if (kind.code === "recording") {
      out.push([
        `#/say/${row.id}`,
        "语音说明",
        said ? "已说明" : sent || "部门、人员、事由、时间、地点",
        said || Boolean(sent),
        "mic",
      ]);
      const taken = files.length
        ? `已存 ${files.length} 个文件，标记 ${open.marks.length} 处`
        : sent || "录像、录音、拍照、打标记";
      out.push([`#/rec/${row.id}`, "录制与拍照", taken, !open && Boolean(sent), "video"]);
      out.push([
        `#/end/${row.id}`,
        "文字说明",
        open ? "结束录制后填写" : sent || "结束录制后填写",
        !open && Boolean(sent),
        "type",
      ]);
    } else if (kind.code !== "photo" && kind.code !== "text") {
      const hints = {
        signature: "拒签须写明原因，有见证人的请见证人签名",
        identified: "登记向谁出示、怎样出示",
      };
      out.push([
        `#/form/${row.id}/${kind.code}`,
        kind.code === "identified" ? "登记亮证情况" : kind.name,
        done || hints[kind.code] || kind.step,
        Boolean(done),
        kind.icon,
      ]);
    }
  }
  return { out, open };
}

export async function screen(app, id) {
  let row = await storage.matter(id);
  // Opened before its turn came.
  if (row && !row.kinds && app.online && (await fetched(row))) row = await storage.matter(id);
  if (!row || !row.kinds) return gone();
  const own = (await storage.things())
    .filter((each) => each.record === id)
    .sort((one, other) => one.at - other.at);
  const { out, open } = await lines(app, row, own);
  const next = out.findIndex(([, , , done]) => !done);
  const list = el(
    "ol",
    "stp",
    ...out.map(([href, title, under, done, picture], at) =>
      line(href, title, under, done ? "done" : at === next ? "cur" : "", picture),
    ),
  );
  const body = [ruleOf(row, open?.step), list];
  if (next < 0)
    body.push(
      el(
        "p",
        "done1",
        "这件案子的现场步骤都采集过了。入库情况以“上传情况”为准；文书在平台上生成，手机上不出文书。",
      ),
    );
  return {
    title: row.title,
    under: row.party || row.place,
    back: "",
    body,
    foot: [link("#/queue", "btn btn-s btn-lg btn-block", icon("upload"), "上传情况")],
  };
}

export async function show(_app, id) {
  const row = await storage.matter(id);
  if (!row || !row.code) return gone(`#/m/${id}`);
  return {
    title: "亮证",
    under: row.title,
    back: `#/m/${id}`,
    body: [
      el("h2", "", "请当事人扫码核验"),
      el("div", "qrbig", drawing(row.code.svg, `检查码，扫码打开 ${row.code.address}`)),
      el(
        "p",
        "small muted gap",
        "扫码要用对方手机的网络。对方没有网络或者没有智能手机的，当面出示执法证件，并登记原因。",
      ),
      el(
        "dl",
        "kv",
        el("div", "", el("dt", "", "人员"), el("dd", "", row.prompt.officers)),
        el("div", "", el("dt", "", "事项"), el("dd", "", row.title)),
      ),
    ],
    foot: row.kinds.some((kind) => kind.code === "identified")
      ? [link(`#/form/${id}/identified`, "btn btn-p btn-lg btn-block", "登记亮证情况")]
      : null,
  };
}

export function thingOf(app, row, kind, fields) {
  return {
    client: crypto.randomUUID(),
    record: row.id,
    title: row.title,
    person: app.person.id,
    kind,
    seen: row.head,
    at: Date.now(),
    ended: null,
    offset: clock.offset(),
    fields,
    marks: [],
    state: "ready",
    say: "",
    missing: [],
  };
}

function refused(node, lacking) {
  const box = card("bad", "info", "还有没填的", el("span", "", lacking.join("、")));
  box.setAttribute("role", "alert");
  node.prepend(box);
  box.scrollIntoView({ block: "center" });
}

export async function form(app, id, code, client = "") {
  const row = await storage.matter(id);
  const kind = row?.kinds?.find((each) => each.code === code);
  if (!kind || !app.person) return gone(`#/m/${id}`);
  const before = client ? await storage.thing(client) : null;
  const values = { place: row.place, ...(before ? before.fields : {}) };
  const made = asked(kind.fields, values);
  const save = async () => {
    for (const old of made.node.querySelectorAll(".rule.bad")) old.remove();
    const lacking = made.lacking();
    if (lacking.length) {
      refused(made.node, lacking);
      return;
    }
    // Mended: the same client id, so it stays one thing; the time of the capture stays too.
    const thing =
      before && before.state === "refused"
        ? { ...before, fields: made.read(), state: "ready" }
        : thingOf(app, row, code, made.read());
    await storage.put(thing);
    app.say("已存到本机。");
    app.go(`/m/${id}`);
    push();
  };
  return {
    title: kind.step,
    under: row.title,
    back: `#/m/${id}`,
    body: [
      ...(before?.missing.length
        ? [
            card(
              "bad",
              "info",
              before.say,
              el("ul", "", ...before.missing.map((each) => el("li", "", each))),
            ),
          ]
        : []),
      made.node,
    ],
    foot: [button("存到本机，有网络就上传", save, "btn btn-p btn-lg btn-block")],
    after: (body) => {
      if (window.pads) window.pads(body);
    },
  };
}
