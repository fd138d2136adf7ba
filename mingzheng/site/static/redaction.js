// Selecting words in the source adds them to the list of what is covered too; the page works without it by typing them.
"use strict";
const cover = document.querySelector("[data-cover]");
const more = document.querySelector("textarea[name=more]");
const source = document.querySelector("[data-source]");
if (cover && more && source) {
  cover.hidden = false;
  cover.addEventListener("mousedown", (event) => event.preventDefault());
  cover.addEventListener("click", () => {
    const chosen = window.getSelection();
    const words = chosen.toString().trim();
    if (!words || !source.contains(chosen.anchorNode) || words.includes("\n")) return;
    const lines = more.value.split("\n").filter(Boolean);
    if (!lines.includes(words)) more.value = [...lines, words].join("\n");
    more.focus();
  });
}
