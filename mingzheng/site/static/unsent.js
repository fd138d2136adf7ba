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
      data.append("unsent-place", form.dataset.unsentPlace || location.pathname);
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
  // A file is kept as soon as it is chosen, so that it is there when the form is opened again.
  for (const input of document.querySelectorAll("input[type=file][data-keeps]")) {
    const form = input.form;
    const list = form.querySelector("[data-kept]");
    const told = form.querySelector("[data-kept-said]");
    input.addEventListener("change", async () => {
      if (!input.files.length) return;
      const data = new FormData();
      data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      for (const file of input.files) data.append("files", file);
      told.textContent = "正在接收……";
      try {
        const answer = await fetch(input.dataset.keeps, { method: "POST", body: data });
        if (!answer.ok) throw new Error(String(answer.status));
        const { kept, fault } = await answer.json();
        for (const { word, name } of kept) {
          const label = document.createElement("label");
          const box = document.createElement("input");
          const text = document.createElement("span");
          label.className = "tick";
          Object.assign(box, { type: "checkbox", name: "kept", value: word, checked: true });
          text.textContent = name;
          label.append(box, text);
          list.append(label);
        }
        list.hidden = !list.querySelector("input");
        input.value = "";
        told.textContent = fault || "已收到，提交时一起交";
        form.dispatchEvent(new Event("input"));
      } catch {
        // Then it goes with the form, as where no script runs.
        told.textContent = "现在没有收到，会随表单一起提交";
      }
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
