// Time on this phone: its own clock, how far it is from the server's, and whether it was moved meanwhile.
import { addresses } from "./addresses.js";
import * as storage from "./storage.js";

const LEAP = 2000;
let base = { wall: Date.now(), mono: performance.now() };
let known = null;

export async function ask() {
  const before = Date.now();
  const answer = await fetch(addresses.now, { cache: "no-store" });
  const server = Date.parse((await answer.json()).now);
  known = { offset: Math.round((before + Date.now()) / 2 - server), asked: Date.now() };
  base = { wall: Date.now(), mono: performance.now() };
  await storage.set("clock", known);
}

export async function recall() {
  known = known || (await storage.setting("clock")) || null;
}

export const offset = () => (known ? known.offset : null);
export const leapt = () =>
  Math.abs(Date.now() - base.wall - (performance.now() - base.mono)) > LEAP;
export const iso = (ms = Date.now()) => new Date(ms).toISOString();
// The server's time, as well as this phone knows it.
export const right = (ms = Date.now()) => ms - (offset() || 0);
const IN_CHINA = { timeZone: "Asia/Shanghai", hour12: false };
export const clock = (ms) =>
  new Date(ms).toLocaleTimeString("zh-CN", { ...IN_CHINA, hour: "2-digit", minute: "2-digit" });
export const day = (ms) => new Date(ms).toLocaleDateString("sv-SE", IN_CHINA);
export const spoken = (ms) =>
  new Date(ms).toLocaleString("zh-CN", {
    ...IN_CHINA,
    month: "long",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
  });
export const local = (ms) =>
  new Date(ms).toLocaleString("sv-SE", IN_CHINA).replace(" ", "T").slice(0, 19);
export const length = (ms) => {
  const all = Math.max(0, Math.floor(ms / 1000));
  const two = (number) => String(number).padStart(2, "0");
  return `${all >= 3600 ? `${Math.floor(all / 3600)}:` : ""}${two(Math.floor(all / 60) % 60)}:${two(all % 60)}`;
};
