// A machine that many people use, one after the other: nobody sees what the one before chose.

import { make } from "./make.js";
import { word } from "./words.js";

const WARNS = 20; // seconds between the question and the end
const PAYS = 4; // times as long it waits for somebody who pays with a phone meanwhile

export class Kiosk {
  #idle;
  #left = 0;
  #timer = 0;
  #begin = document.getElementById("begin");
  #there = document.getElementById("there");
  #text = document.getElementById("there-text");
  #over;
  #paying;
  #behind = [...document.querySelectorAll(".top, .line, .room")];

  // `idle` seconds without a sign of life lead to the question; `over` makes everything new; `paying` tells whether a
  // payment waits for its buyer.
  constructor(idle, { begun, over, paying }) {
    this.#idle = idle;
    this.#over = over;
    this.#paying = paying;
    document.getElementById("touch").addEventListener("click", () => {
      this.#hide(false);
      this.alive();
      begun();
    });
    document.getElementById("stay").addEventListener("click", () => this.#there.close());
    document.getElementById("leave").addEventListener("click", () => this.end());
    this.#there.addEventListener("close", () => this.alive());
    for (const one of ["pointerdown", "keydown", "input"]) {
      document.addEventListener(one, () => this.#there.open || this.alive(), { capture: true, passive: true });
    }
    this.#hide(true);
  }

  get begun() {
    return this.#begin.hidden;
  }

  // Somebody is there.
  alive() {
    clearTimeout(this.#timer);
    const seconds = this.#idle * (this.#paying() ? PAYS : 1);
    if (this.begun) this.#timer = setTimeout(() => this.#ask(), seconds * 1000);
  }

  // Somebody speaks: no need to touch anything, even while it is asked.
  heard() {
    if (this.#there.open) this.#there.close();
    else this.alive();
  }

  async end() {
    clearTimeout(this.#timer);
    this.#hide(true);
    if (this.#there.open) this.#there.close();
    await this.#over();
  }

  #ask() {
    this.#left = WARNS;
    this.#tick();
    this.#there.showModal();
    document.getElementById("stay").focus();
  }

  #tick() {
    if (this.#left !== WARNS && !this.#there.open) return;
    this.#text.textContent = word("clears", { seconds: this.#left });
    if (this.#left <= 0) {
      this.end();
      return;
    }
    this.#left -= 1;
    this.#timer = setTimeout(() => this.#tick(), 1000);
  }

  #hide(hidden) {
    this.#begin.hidden = !hidden;
    for (const one of this.#behind) one.inert = hidden;
    if (hidden) document.getElementById("touch").focus();
  }
}

// A button for each language, in its own name.
export function tongues(place, names, now, chosen) {
  place.replaceChildren(
    ...Object.entries(names).map(([tag, name]) =>
      make("button", { type: "button", class: "tongue", lang: tag, "aria-pressed": String(tag === now), onclick: () => chosen(tag) }, name),
    ),
  );
}
