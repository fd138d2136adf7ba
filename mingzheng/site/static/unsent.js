// Keeps what is typed while it is typed, says so, and warns before unsent words are left behind.
"use strict";
(() => {
  const PAUSE = 1500;
  const said = document.querySelector("[data-unsent-said]");
  let unsaved = false;
  for (const form of document.querySelectorAll("form[data-unsent]")) {
    let timer = 0;
    const keep = async () => {
      const data = new URLSearchParams();
      for (const [name, value] of new FormData(form))
        if (typeof value === "string" && name !== "password") data.append(name, value);
      data.append("place", location.pathname);
      // What is typed while this is on its way is unsaved again.
      unsaved = false;
      try {
        const answer = await fetch(form.dataset.unsent, { method: "POST", body: data });
        const text = await answer.text();
        if (said && (answer.ok || [401, 413].includes(answer.status))) said.textContent = text;
        if (!answer.ok) unsaved = true;
      } catch {
        unsaved = true;
        if (said) said.textContent = "网络断开，还没有暂存";
      }
    };
    form.addEventListener("input", () => {
      unsaved = true;
      clearTimeout(timer);
      timer = setTimeout(keep, PAUSE);
    });
    form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("data-stays")) return;
      unsaved = false;
      clearTimeout(timer);
      form.dataset.sent = "1";
    });
  }
  addEventListener("beforeunload", (event) => {
    const files = [...document.querySelectorAll("form[data-unsent] input[type=file]")];
    if (unsaved || files.some((input) => input.files.length && !input.form.dataset.sent))
      event.preventDefault();
  });
  const resume = document.querySelector("form[data-resume]");
  if (resume) resume.requestSubmit();
})();
