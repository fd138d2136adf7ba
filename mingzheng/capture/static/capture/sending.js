// From the phone to the platform: files by tus, then each thing once. What the server answers is what the phone shows.
import { addresses } from "./addresses.js";
import * as storage from "./storage.js";
import * as clock from "./clock.js";
import * as recorder from "./recorder.js";

// WebCrypto takes a whole buffer; beyond this the slices and the server's own hash have to do.
const AT_ONCE = 64 * 1024 * 1024;
const DELAYS = [0, 1000, 3000, 5000, 10000];
const AGAIN = new Set([0, 409, 423, 502, 503, 504]);
export const LEFT = new Set(["ready", "sending", "received", "refused", "conflict", "clock"]);
export const SAY = {
  draft: "还没有完成，仅存本机",
  ready: "仅存本机",
  sending: "上传中",
  received: "已收妥，等待入库",
  done: "已入库，存证中",
  sealed: "已封存",
  held: "已入库，记录不完整",
  refused: "没有入库，仅存本机",
  conflict: "别人已办，没有入库",
  clock: "时间要核对，没有入库",
};
let token = "";
let busy = false;

export const working = () => busy;

// Who is signed in and what he takes along; null without a network, {out: true} when the session is over.
export async function refresh() {
  let answer;
  try {
    answer = await fetch(addresses.matters, {
      cache: "no-store",
      headers: { Accept: "application/json" },
    });
  } catch (_error) {
    return null;
  }
  if (answer.status === 401) return { out: true };
  if (!answer.ok) return null;
  const told = await answer.json();
  token = told.token;
  await clock.ask().catch(() => undefined);
  await storage.set("person", told.person);
  // What is here already and has not moved is not asked for again; what is no longer his goes.
  const here = new Map((await storage.matters()).map((row) => [row.id, row]));
  const same = (row) =>
    here.has(row.id) &&
    here.get(row.id).kinds &&
    here.get(row.id).head === row.head &&
    here.get(row.id).day === row.day;
  await storage.replaceMatters(
    told.matters.map((row) => ({ ...here.get(row.id), ...row, stale: !same(row) })),
  );
  return told;
}

// The rest of each matter, nearest first, so that it works where there is no network.
export async function fill(told) {
  for (const row of await storage.matters()) {
    if (!row.stale) continue;
    if (!(await fetched(row))) return;
    told();
  }
}

export async function fetched(row) {
  try {
    const answer = await fetch(`${addresses.matter}?id=${row.id}`, { cache: "no-store" });
    if (answer.ok) await storage.putMatter({ ...row, ...(await answer.json()), stale: false });
    return true;
  } catch (_error) {
    return false;
  }
}

async function upload(thing, file, told) {
  if (file.code) return;
  const blob = await storage.whole(file);
  const offset = file.offset === null ? clock.offset() || 0 : file.offset;
  const joined = await recorder.digest(new Blob(file.slices.map((each) => each[1])));
  const metadata = {
    client: file.id,
    filename: file.name,
    filetype: file.type.split(";")[0],
    record: thing.record,
    source: file.source,
    captured_at: clock.iso(file.at - offset),
    clock_offset_ms: String(offset),
    device: "手机",
    slices: `${file.slices.length}:${joined}`,
  };
  if (blob.size <= AT_ONCE) metadata.sha256 = await recorder.digest(blob);
  await new Promise((well, ill) => {
    const sending = new tus.Upload(blob, {
      endpoint: addresses.uploads,
      metadata,
      retryDelays: DELAYS,
      uploadUrl: file.url || null,
      storeFingerprintForResuming: false,
      onBeforeRequest: (request) => request.setHeader("X-CSRFToken", token),
      onShouldRetry: (error) =>
        AGAIN.has(error.originalResponse ? error.originalResponse.getStatus() : 0),
      onUploadUrlAvailable: () => {
        file.url = sending.url;
        storage.putFile(file);
      },
      onProgress: (sent) => {
        file.sent = sent;
        told();
      },
      onSuccess: () => well(),
      onError: ill,
    });
    sending.start();
  });
  const answer = await fetch(file.url, { headers: { Accept: "application/json" } });
  const said = await answer.json();
  if (said.state !== "stored") throw new Error(said.state_name);
  Object.assign(file, { code: said.code, receipt: said.receipt, sent: file.size });
  await storage.putFile(file);
}

function message(thing, files) {
  const offset = thing.offset === null ? clock.offset() || 0 : thing.offset;
  return {
    client: thing.client,
    record: thing.record,
    kind: thing.kind,
    seen: thing.seen,
    at: clock.iso(thing.at),
    ended: thing.ended ? clock.iso(thing.ended) : null,
    offset_ms: offset,
    sent: clock.iso(),
    fields: thing.fields,
    uploads: files.map((file) => file.code),
    slices: Object.fromEntries(files.map((file) => [file.code, file.slices])),
    again: Boolean(thing.again),
    checked_at: thing.checked_at || "",
  };
}

async function hand(thing, files) {
  const answer = await fetch(addresses.sync, {
    method: "POST",
    cache: "no-store",
    body: JSON.stringify(message(thing, files)),
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": token,
      Accept: "application/json",
    },
  });
  const kind = answer.headers.get("Content-Type") || "";
  // A page instead of an answer (busy, expired): nothing is known, so the thing stays what it is.
  if (!kind.startsWith("application/json")) throw new Error("平台暂时没有答复，稍后再试。");
  const said = await answer.json();
  if (answer.status === 401) throw Object.assign(new Error(said.say), { out: true });
  if (answer.status >= 500) throw new Error(said.say);
  Object.assign(thing, {
    state: said.state,
    say: said.say,
    missing: said.missing,
    act: said.act,
    recording: said.recording,
    again: false,
  });
  await storage.put(thing);
}

async function one(thing, told) {
  const files = (await storage.files(thing.client)).filter((file) => !file.empty);
  Object.assign(thing, { state: "sending", say: "" });
  await storage.put(thing);
  try {
    for (const file of files) await upload(thing, file, () => told(thing, files));
    Object.assign(thing, { state: "received" });
    await storage.put(thing);
    told();
    await hand(thing, files);
  } catch (error) {
    const body = error.originalResponse ? error.originalResponse.getBody() : "";
    const words =
      body && !body.startsWith("<")
        ? body
        : error.originalRequest || error instanceof TypeError
          ? "网络断开，已传的部分不会丢。"
          : error.message;
    Object.assign(thing, {
      state: files.every((file) => file.code) && files.length ? "received" : "ready",
      say: words,
    });
    await storage.put(thing);
    told();
    return !error.out && !(error instanceof TypeError) && !error.originalRequest;
  }
  told();
  return true;
}

// Everything of this person that is ready, in the order in which it was captured. One page at a time sends.
export async function all(told, only = null) {
  if (busy) return;
  busy = true;
  const work = async () => {
    const now = await refresh();
    if (!now || now.out) return;
    const mine = (await storage.things()).filter((each) => each.person === now.person.id);
    mine.sort((first, second) => first.at - second.at || (first.client < second.client ? -1 : 1));
    for (const thing of mine) {
      const wanted = only
        ? thing.client === only
        : ["ready", "sending", "received"].includes(thing.state);
      if (wanted && !(await one(thing, told))) break;
    }
    await ask(told);
    await refresh();
    await fill(told);
  };
  try {
    if (navigator.locks)
      await navigator.locks.request("mingzheng-capture-send", { ifAvailable: true }, (lock) =>
        lock ? work() : undefined,
      );
    else await work();
  } finally {
    busy = false;
    told();
  }
}

// 已封存 is asked of the server, never assumed.
export async function ask(told) {
  const mine = (await storage.things()).filter(
    (each) => ["done", "held"].includes(each.state) && !each.sealed,
  );
  if (!mine.length) return;
  let said;
  try {
    const answer = await fetch(
      `${addresses.sealed}?${mine
        .slice(0, 100)
        .map((each) => `client=${each.client}`)
        .join("&")}`,
      { cache: "no-store" },
    );
    said = answer.ok ? await answer.json() : {};
  } catch (_error) {
    return;
  }
  for (const thing of mine) {
    if (!said[thing.client]) continue;
    await storage.put(
      Object.assign(thing, {
        sealed: said[thing.client],
        state: thing.state === "done" ? "sealed" : thing.state,
      }),
    );
  }
  told();
}

export async function leave() {
  if (!token) await refresh();
  const answer = await fetch(addresses.logout, {
    method: "POST",
    headers: { "X-CSRFToken": token },
  });
  return answer.ok;
}
