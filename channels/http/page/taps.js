// What is tapped counts only where it has been seen: a thing that appeared, or moved, a moment ago is what slid under a
// finger that meant what was there before. Until then it is aria-disabled, and a press on it counts nothing.

const KINDS = ".chip, .card"; // what answers, and what puts something into the basket
const DEAD = 400; // ms from its painting on
const CONSENT = 800; // the same, for what may agree to a read-back (data-grave)
const STILL = 12; // px that an edge may move while the thing counts as in its place (its style presses it in)

const STEERED = 1000; // ms after a hand has scrolled: what moves then, moves with it

const seen = new WeakMap(); // a thing -> {left, top, right, bottom, since}: where it is, and since when it was seen there
let frame = 0;
let steered = -Infinity; // when somebody scrolled last
let pressed = null; // {on, key, good}: the last press, by key or pointer

function shown(one) {
  if (!one.checkVisibility({ visibilityProperty: true }) || one.closest("[inert]")) return false;
  const modal = document.querySelector("dialog:modal");
  return !modal || modal.contains(one);
}

const near = (here, there) => ["left", "top", "right", "bottom"].every((one) => Math.abs(here[one] - there[one]) <= STILL);

// Whether it stands where it was seen last; else it counts from its next painting on.
function still(one) {
  const before = seen.get(one);
  if (!shown(one)) {
    seen.delete(one);
  } else {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    if (before && near(before, { left, top, right, bottom })) return true;
    if (before && performance.now() - steered < STEERED) {
      Object.assign(before, { left, top, right, bottom });
      return true;
    }
    seen.set(one, { left, top, right, bottom, since: Infinity });
  }
  dead(one);
  return false;
}

function dead(one) {
  if (one.getAttribute("aria-disabled") !== "true") one.setAttribute("aria-disabled", "true");
}

const wait = (one) => ("grave" in one.dataset ? CONSENT : DEAD);

const ready = (one, at) => still(one) && at - seen.get(one).since >= wait(one);

// Looks at all of them in each frame for as long as something appears, moves or is still to come alive.
function look() {
  frame = 0;
  let goes = false;
  const now = performance.now();
  for (const one of document.querySelectorAll(KINDS)) {
    if (!still(one)) {
      goes ||= seen.has(one);
      continue;
    }
    const place = seen.get(one);
    // The frame after the one that laid it out: now it has been painted.
    if (place.since === Infinity) place.since = now;
    if (now - place.since >= wait(one)) one.removeAttribute("aria-disabled");
    else goes = true;
  }
  if (goes) soon();
}

function soon() {
  frame ||= requestAnimationFrame(look);
}

function press(event, key, first) {
  const on = event.target.closest?.(KINDS) ?? null;
  pressed = on && { on, key, good: first && ready(on, event.timeStamp) };
  if (on) soon();
}

function click(event) {
  const on = event.target.closest?.(KINDS);
  if (!on) return;
  const before = pressed?.on === on ? pressed : null;
  pressed = null;
  // A reader of the screen clicks without a press; what is clicked by key or without one has no count (`detail`).
  const bare = event.detail === 0 && !before?.key;
  if (bare ? ready(on, event.timeStamp) : before?.good) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

export function guard() {
  const quiet = { capture: true, passive: true };
  addEventListener("pointerdown", (event) => press(event, false, event.isPrimary), quiet);
  addEventListener("keydown", (event) => ["Enter", " "].includes(event.key) && press(event, true, !event.repeat), quiet);
  addEventListener("click", click, { capture: true });
  for (const one of ["wheel", "touchmove"]) addEventListener(one, () => (steered = performance.now()), quiet);
  for (const one of ["scroll", "resize", "toggle", "load", "transitionend"]) addEventListener(one, soon, quiet);
  document.addEventListener("visibilitychange", soon);
  new MutationObserver((all) => {
    for (const { addedNodes } of all) {
      for (const one of addedNodes) {
        if (one.nodeType !== Node.ELEMENT_NODE) continue;
        if (one.matches(KINDS)) dead(one);
        one.querySelectorAll(KINDS).forEach(dead);
      }
    }
    soon();
  }).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["class", "hidden", "inert", "open", "data-state"],
  });
  const resized = new ResizeObserver(soon);
  for (const one of document.querySelectorAll("#scroll, #messages, #answers, #order, #side")) resized.observe(one);
  document.querySelectorAll(KINDS).forEach(dead);
  soon();
}
