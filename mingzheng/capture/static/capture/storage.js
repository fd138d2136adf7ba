// What lies on this phone, in IndexedDB of this origin: settings, matters taken along, things captured, their files by slices.
const NAME = "mingzheng-capture";
let opened = null;

const asked = (request) =>
  new Promise((well, ill) => {
    request.onsuccess = () => well(request.result);
    request.onerror = () => ill(request.error);
  });
// Done only when the whole transaction is: an answer of a single request is no promise that it is on the disk.
const ended = (work) =>
  new Promise((well, ill) => {
    work.oncomplete = () => well();
    work.onabort = work.onerror = () => ill(work.error || new Error("aborted"));
  });

function open() {
  opened =
    opened ||
    new Promise((well, ill) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        const base = request.result;
        base.createObjectStore("kept");
        base.createObjectStore("matters", { keyPath: "id" });
        base.createObjectStore("things", { keyPath: "client" });
        base.createObjectStore("files", { keyPath: "id" }).createIndex("client", "client");
        base.createObjectStore("slices").createIndex("file", "file");
      };
      request.onsuccess = () => {
        // Another page wipes or renews the store: let go, so that it can.
        request.result.onversionchange = () => {
          request.result.close();
          opened = null;
        };
        well(request.result);
      };
      request.onerror = () => ill(request.error);
    });
  return opened;
}

async function change(stores, act) {
  const work = (await open()).transaction(stores, "readwrite", { durability: "strict" });
  act(...stores.map((name) => work.objectStore(name)));
  await ended(work);
}

async function look(store, act) {
  return asked(act((await open()).transaction(store).objectStore(store)));
}

export const setting = (name) => look("kept", (store) => store.get(name));
export const set = (name, value) => change(["kept"], (store) => store.put(value, name));
export const matters = async () =>
  (await look("matters", (store) => store.getAll())).sort((one, other) => one.at - other.at);
export const matter = (id) => look("matters", (store) => store.get(id));
export const things = () => look("things", (store) => store.getAll());
export const thing = (client) => look("things", (store) => store.get(client));
export const put = (row) => change(["things"], (store) => store.put(row));
export const files = (client) => look("files", (store) => store.index("client").getAll(client));
export const allFiles = () => look("files", (store) => store.getAll());
export const putFile = (row) => change(["files"], (store) => store.put(row));

export const putMatter = (row) => change(["matters"], (store) => store.put(row));
export const replaceMatters = (rows) =>
  change(["matters"], (store) => {
    store.clear();
    rows.forEach((row, at) => store.put({ ...row, at }));
  });

// A slice and the row that counts it, in one transaction: never one without the other.
export const addSlice = (file, blob, at) =>
  change(["files", "slices"], (store, slices) => {
    slices.put({ file: file.id, at, blob }, `${file.id}/${at}`);
    store.put(file);
  });

export async function whole(file) {
  const rows = await look("slices", (store) => store.index("file").getAll(file.id));
  rows.sort((one, other) => one.at - other.at);
  return new Blob(
    rows.map((row) => row.blob),
    { type: file.type },
  );
}

export async function forget(client) {
  const rows = await files(client);
  const keys = (
    await Promise.all(
      rows.map((row) => look("slices", (store) => store.index("file").getAllKeys(row.id))),
    )
  ).flat();
  await change(["things", "files", "slices"], (store, other, slices) => {
    for (const key of keys) slices.delete(key);
    for (const row of rows) other.delete(row.id);
    store.delete(client);
  });
}

export async function wipe() {
  const base = await open();
  await change([...base.objectStoreNames], (...stores) => stores.forEach((store) => store.clear()));
}

export async function room() {
  if (!navigator.storage || !navigator.storage.estimate) return null;
  const { usage, quota } = await navigator.storage.estimate();
  return quota ? { used: usage || 0, all: quota } : null;
}

// Without this a browser may clear the store when the disk is short.
export const hold = () =>
  navigator.storage?.persist ? navigator.storage.persist().catch(() => false) : false;
