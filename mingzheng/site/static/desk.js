// Small habits of the desk; every page works without them.
"use strict";
const toggle = document.querySelector("[data-menu]");
if (toggle) {
  toggle.addEventListener("click", () => {
    const open = document.body.classList.toggle("menu-open");
    toggle.setAttribute("aria-expanded", String(open));
  });
}
const faults = document.querySelector("[data-focus]");
if (faults) faults.focus();
// A second press of the button must not even leave the browser; the server refuses it anyway.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    // A look at the papers opens beside the form, which stays as it is.
    if (event.submitter?.hasAttribute("data-stays")) return;
    setTimeout(() => {
      for (const button of document.querySelectorAll("button[type=submit], form button"))
        button.disabled = true;
    }, 0);
  });
}
// Once the item is chosen, the materials of other items only stand in the way.
const item = document.querySelector("select[name=item]");
const materials = [...document.querySelectorAll("input[name=materials]")];
if (item && materials.length) {
  const narrow = () => {
    for (const box of materials) {
      const foreign = item.value !== "" && !box.value.startsWith(`${item.value}-`);
      box.closest("label").hidden = foreign;
      if (foreign) box.checked = false;
    }
  };
  item.addEventListener("change", narrow);
  narrow();
}
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button")) button.disabled = false;
});
// Signing out takes the matters that the phone's pages had kept along; what was captured and not yet sent stays for its officer.
for (const form of document.querySelectorAll("form[data-logout]")) {
  form.addEventListener("submit", () => {
    const request = window.indexedDB && indexedDB.open("mingzheng-capture");
    if (!request) return;
    request.onupgradeneeded = () => request.transaction.abort();
    request.onsuccess = () =>
      request.result.transaction("matters", "readwrite").objectStore("matters").clear();
  });
}
