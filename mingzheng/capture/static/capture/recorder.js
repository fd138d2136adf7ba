// Recording in slices: each is hashed and on the disk before the next one counts, so a killed browser loses one slice at most.
import * as storage from "./storage.js";
import * as clock from "./clock.js";

export const SLICE = 3000;
const TYPES = {
  video: [
    "video/mp4;codecs=avc1.42E01E,mp4a.40.2",
    "video/webm;codecs=vp8,opus",
    "video/webm",
    "video/mp4",
  ],
  audio: ["audio/webm;codecs=opus", "audio/mp4", "audio/webm"],
};
const NAMES = { video: "现场录像", audio: "现场录音", photo: "现场照片", gallery: "相册照片" };
const ENDINGS = {
  "video/webm": "webm",
  "audio/webm": "webm",
  "video/mp4": "mp4",
  "audio/mp4": "m4a",
  "image/jpeg": "jpg",
  "image/png": "png",
};

export const able = () =>
  Boolean(
    window.isSecureContext &&
      navigator.mediaDevices &&
      navigator.mediaDevices.getUserMedia &&
      window.MediaRecorder,
  );
export const hex = (bytes) =>
  [...new Uint8Array(bytes)].map((each) => each.toString(16).padStart(2, "0")).join("");
export const digest = async (blob) =>
  hex(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
export const fresh = () => crypto.randomUUID();

function named(kind, type, at) {
  const plain = type.split(";")[0];
  return `${NAMES[kind]}-${clock.local(at).replace(/[-:]/g, "").replace("T", "-")}.${ENDINGS[plain] || plain.split("/").pop()}`;
}

const row = (client, kind, type, source) => ({
  id: fresh(),
  client,
  kind,
  type,
  source,
  name: named(kind, type, Date.now()),
  at: Date.now(),
  offset: clock.offset(),
  size: 0,
  slices: [],
  length: 0,
  complete: false,
  broken: false,
  code: "",
  url: "",
  sent: 0,
});

async function add(file, blob) {
  // Counted only once it is written: a slice that found no room leaves the row as it was.
  const slices = [...file.slices, [blob.size, await digest(blob)]];
  await storage.addSlice(
    { ...file, size: file.size + blob.size, slices },
    blob,
    file.slices.length,
  );
  Object.assign(file, { size: file.size + blob.size, slices });
}

export class Run {
  // One run of the camera or microphone; `told` is called whenever something changed.
  constructor(client, kind, told) {
    Object.assign(this, { client, kind, told, on: false, fault: "", marks: [] });
  }

  async start() {
    const video =
      this.kind === "video"
        ? { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } }
        : false;
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: true, video });
    const type = TYPES[this.kind].find((each) => MediaRecorder.isTypeSupported(each)) || "";
    this.recorder = new MediaRecorder(this.stream, type ? { mimeType: type } : {});
    this.file = row(this.client, this.kind, this.recorder.mimeType || type, "live");
    this.began = performance.now();
    this.written = storage.putFile(this.file);
    this.recorder.ondataavailable = (event) => this.take(event.data);
    this.stopped = new Promise((well) => {
      this.recorder.onstop = well;
    });
    // The system takes the camera away (a call, another app): what was recorded stays, and the break is told.
    for (const track of this.stream.getTracks())
      track.onended = () => {
        this.fault = "系统收回了相机或者麦克风，录制已停，已录的都在。";
        this.stop();
      };
    this.recorder.start(SLICE);
    this.on = true;
    await this.written;
    this.told();
  }

  take(blob) {
    if (!blob.size) return;
    const length = performance.now() - this.began;
    this.written = this.written
      .then(async () => {
        this.file.length = Math.round(length);
        await add(this.file, blob);
        this.told();
      })
      .catch((error) => {
        this.fault =
          error && error.name === "QuotaExceededError"
            ? "本机空间不够，录制已停。请先上传或者导出，腾出空间。"
            : "写不进本机存储，录制已停。已录的部分还在。";
        this.stop();
      });
  }

  get length() {
    return this.on ? performance.now() - this.began : this.file ? this.file.length : 0;
  }

  async stop() {
    if (!this.on) return;
    this.on = false;
    if (this.recorder.state !== "inactive") this.recorder.stop();
    await this.stopped;
    for (const track of this.stream.getTracks()) track.stop();
    await this.written;
    await storage.putFile(Object.assign(this.file, { complete: true }));
    this.told();
  }

  // A picture of what the camera sees, while it goes on recording.
  async frame(video) {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    canvas.getContext("2d").drawImage(video, 0, 0);
    const blob = await new Promise((well) => canvas.toBlob(well, "image/jpeg", 0.9));
    return still(this.client, blob, "live");
  }
}

// A photograph: from the camera, or chosen from the gallery and marked so.
export async function still(client, blob, source) {
  const file = row(
    client,
    source === "gallery" ? "gallery" : "photo",
    blob.type || "image/jpeg",
    source,
  );
  if (source === "gallery" && blob.lastModified) file.at = Math.min(blob.lastModified, Date.now());
  await add(file, blob);
  await storage.putFile(Object.assign(file, { complete: true }));
  return file;
}

// What a killed browser left: runs that nobody ended. Their slices are whole; only the end was not said.
export async function recover() {
  const left = (await storage.allFiles()).filter((file) => !file.complete);
  for (const file of left) {
    if (file.size) await storage.putFile(Object.assign(file, { complete: true, broken: true }));
    else await storage.putFile(Object.assign(file, { complete: true, empty: true }));
  }
  return left.filter((file) => file.size);
}
