// A signature pad over a hidden field: strokes with their time, wiped or undone, also by keyboard-reachable buttons.
"use strict";
// Also called for forms that are drawn later.
window.pads = (root) => {
  for (const field of root.querySelectorAll("input[data-pad]")) {
    const box = document.createElement("div");
    box.className = "signpad";
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "签名区，用手指或者笔在这里签名");
    const row = document.createElement("p");
    const undo = Object.assign(document.createElement("button"), {
      type: "button",
      className: "btn btn-s btn-sm",
      textContent: "撤一笔",
    });
    const wipe = Object.assign(document.createElement("button"), {
      type: "button",
      className: "btn btn-s btn-sm",
      textContent: "擦掉重签",
    });
    row.className = "row";
    row.append(undo, wipe);
    const told = document.createElement("p");
    told.className = "hint";
    told.setAttribute("role", "status");
    box.append(canvas, row, told);
    field.after(box);
    let strokes = [],
      began = 0,
      live = null;
    const pen = canvas.getContext("2d");
    const size = () => {
      canvas.width = canvas.clientWidth;
      canvas.height = canvas.clientHeight;
    };
    const draw = () => {
      pen.clearRect(0, 0, canvas.width, canvas.height);
      pen.lineWidth = Math.max(canvas.height / 45, 2);
      pen.lineCap = pen.lineJoin = "round";
      pen.strokeStyle = "#1a1a1a";
      for (const stroke of strokes) {
        pen.beginPath();
        stroke.forEach(([x, y], at) => (at ? pen.lineTo(x, y) : pen.moveTo(x, y)));
        pen.stroke();
      }
    };
    const keep = () => {
      field.value = strokes.length
        ? JSON.stringify({ strokes, width: canvas.width, height: canvas.height })
        : "";
    };
    const point = (event) => {
      const edge = canvas.getBoundingClientRect();
      const within = (value, most) => Math.min(Math.max(Math.round(value), 0), most);
      return [
        within(event.clientX - edge.left, canvas.width),
        within(event.clientY - edge.top, canvas.height),
        Math.round(performance.now() - began),
      ];
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (!strokes.length) began = performance.now();
      canvas.setPointerCapture(event.pointerId);
      live = [point(event)];
      strokes.push(live);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!live) return;
      const each = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      for (const part of each.length ? each : [event]) live.push(point(part));
      draw();
    });
    for (const name of ["pointerup", "pointercancel"])
      canvas.addEventListener(name, () => {
        live = null;
        draw();
        keep();
      });
    // It was made under what stood there: whoever changes that asks for it again.
    field.form?.addEventListener("input", (event) => {
      if (!strokes.length || event.target === field || !event.isTrusted) return;
      strokes = [];
      draw();
      keep();
      told.textContent = "内容改过，刚才的签名已擦掉，请重新签名";
    });
    undo.addEventListener("click", () => {
      strokes.pop();
      draw();
      keep();
    });
    wipe.addEventListener("click", () => {
      strokes = [];
      draw();
      keep();
    });
    size();
    if (field.value) {
      try {
        const said = JSON.parse(field.value);
        canvas.width = said.width;
        canvas.height = said.height;
        strokes = said.strokes;
        draw();
      } catch {
        field.value = "";
      }
    }
  }
};
window.pads(document);
