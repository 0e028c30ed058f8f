// Elements. Whatever a person, a shop or a far end wrote goes in as text and never as markup.

const SVG = "http://www.w3.org/2000/svg";

export function make(tag, set = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [key, value] of Object.entries(set)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "class") made.className = value;
    else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...inside.filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
}

export function icon(name) {
  const drawn = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/page/icons.svg#${name}`);
  drawn.setAttribute("aria-hidden", "true");
  drawn.append(use);
  return drawn;
}

// A QR code that the server computed: {size, path}, with the quiet margin that readers need.
export function code({ size, path }, name) {
  const drawn = document.createElementNS(SVG, "svg");
  const dark = document.createElementNS(SVG, "path");
  drawn.setAttribute("viewBox", `-4 -4 ${size + 8} ${size + 8}`);
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", name);
  drawn.setAttribute("shape-rendering", "crispEdges");
  drawn.classList.add("code");
  dark.setAttribute("d", path);
  drawn.append(dark);
  return drawn;
}

// Where there is no picture: a tile in one of a few calm colours with the first letter of the name.
export function picture(item, name, source) {
  if (typeof source === "string" && source.startsWith("/") && !source.startsWith("//")) {
    return make("img", { class: "picture", src: source, alt: "", loading: "lazy" });
  }
  let sum = 0;
  for (const one of String(item)) sum = (sum * 31 + one.codePointAt(0)) % 997;
  const first = [...String(name).trim()][0] ?? "·";
  return make("span", { class: `picture drawn tint-${sum % 6}`, "aria-hidden": "true" }, first.toLocaleUpperCase());
}

export const link = (value) => (/^https?:\/\//i.test(value) ? value : null);
