// Elements, and the fields of a step's form as the server described them.
export function el(name, cls = "", ...inner) {
  const made = document.createElement(name);
  if (cls) made.className = cls;
  made.append(...inner.filter((each) => each !== null && each !== undefined && each !== ""));
  return made;
}

export function icon(name) {
  const ns = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(ns, "svg");
  made.setAttribute("class", "i");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(ns, "use");
  use.setAttribute("href", `/static/icons.svg#${name}`);
  made.append(use);
  return made;
}

export function button(text, act, cls = "btn btn-s", picture = "") {
  const made = el("button", cls, picture ? icon(picture) : "", text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

export function link(href, cls, ...inner) {
  const made = el("a", cls, ...inner);
  made.href = href;
  return made;
}

export function card(cls, picture, title, ...more) {
  return el("div", `rule ${cls}`, icon(picture), el("div", "", el("b", "", title), ...more));
}

export const size = (bytes) =>
  bytes < 1048576
    ? `${Math.max(1, Math.round(bytes / 1024))} KB`
    : bytes < 1073741824
      ? `${(bytes / 1048576).toFixed(1)} MB`
      : `${(bytes / 1073741824).toFixed(1)} GB`;

// A drawing that the server made: parsed as an image document, so that nothing in it can run.
export function drawing(svg, label) {
  const found = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  for (const each of [found, ...found.querySelectorAll("*")]) {
    for (const { name } of [...each.attributes])
      if (name.startsWith("on") || name === "style") each.removeAttribute(name);
  }
  found.setAttribute("role", "img");
  found.setAttribute("aria-label", label);
  return document.importNode(found, true);
}

let count = 0;
const chosen = (value) => new Set((Array.isArray(value) ? value : [value]).map(String));

function options(field, value, kind) {
  const now = chosen(value);
  return field.choices.map(([key, text, note]) => {
    const input = el("input");
    Object.assign(input, { type: kind, name: field.name, value: key, checked: now.has(key) });
    return el(
      "label",
      "opt",
      input,
      el("span", "", text, note ? el("small", "muted", ` ${note}`) : ""),
    );
  });
}

function control(field, value, id) {
  if (field.kind === "one") {
    const made = el("select", "input");
    made.append(
      new Option("请选择", ""),
      ...field.choices.map(([key, text]) => new Option(text, key, false, String(value) === key)),
    );
    return Object.assign(made, { id, name: field.name });
  }
  const made = el(field.kind === "text" ? "textarea" : "input", "input");
  if (field.kind === "day") made.type = "date";
  if (field.kind === "pad") {
    made.type = "hidden";
    made.dataset.pad = "";
  }
  if (field.most) made.maxLength = field.most;
  return Object.assign(made, { id, name: field.name, value: value || "" });
}

function question(field, value) {
  count += 1;
  const id = `f${count}`;
  const needed = field.required ? "" : "（可不填）";
  const hint = [field.help, field.why && `${field.why}${field.source ? `（${field.source}）` : ""}`]
    .filter(Boolean)
    .join(" ");
  const under = hint ? Object.assign(el("p", "hint", hint), { id: `${id}h` }) : "";
  const grouped = field.kind === "many" || (field.kind === "one" && field.choices.length < 5);
  if (grouped)
    return el(
      "fieldset",
      "",
      el("legend", "", field.label + needed),
      under,
      ...options(field, value, field.kind === "many" ? "checkbox" : "radio"),
    );
  const label = Object.assign(el("label", "", field.label + needed), { htmlFor: id });
  const asked = control(field, value, id);
  if (hint) asked.setAttribute("aria-describedby", `${id}h`);
  return el("div", "q", label, under, asked);
}

// The form of a step; `read()` gives what was typed, the pads are started once it is on the page.
export function form(fields, values) {
  const node = el(
    "form",
    "ask",
    ...fields.map((field) => question(field, values[field.name] ?? field.value)),
  );
  node.noValidate = true;
  const read = () => {
    const said = new FormData(node),
      out = {};
    for (const field of fields)
      out[field.name] =
        field.kind === "many"
          ? said.getAll(field.name).map(String)
          : String(said.get(field.name) ?? "");
    return out;
  };
  const lacking = () => {
    const now = read();
    return fields
      .filter((field) => field.required && !now[field.name].length)
      .map((field) => field.label);
  };
  return { node, read, lacking };
}
