// Who has signed in, and the way in and out. At a kiosk nobody does: the next person stands there in a moment.

import { language, word } from "./words.js";

const here = (id) => document.getElementById(id);

export class Me {
  #person = null;
  #left;
  #failed;

  // `left`: whoever was signed in isn't any more, so that what this page shows is nobody's to see.
  constructor({ left, failed }) {
    this.#left = left;
    this.#failed = failed;
    const box = here("me");
    const shut = () => {
      box.open = false;
    };
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.open) return;
      shut();
      box.querySelector("summary").focus();
    });
    box.addEventListener("focusout", ({ relatedTarget }) => relatedTarget && !box.contains(relatedTarget) && shut());
    document.addEventListener("pointerdown", ({ target }) => box.contains(target) || shut());
    here("out").addEventListener("click", () => this.#out());
    // A code that came by mail is opened in another window, and this one is come back to.
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.look());
  }

  async look() {
    try {
      const answer = await fetch("/api/v1/me");
      if (!answer.ok) return;
      const before = this.#person;
      this.#person = (await answer.json()).person;
      if (before && !this.#person) this.#left();
      else this.dress();
    } catch {
      // No connection: it is asked again when somebody comes back to the page.
    }
  }

  dress() {
    const person = this.#person;
    const who = person ? person.name || person.contacts?.[0] || word("signed_in") : "";
    here("me").hidden = !person;
    here("enter").hidden = Boolean(person) || document.documentElement.dataset.signIn !== "on";
    here("who").textContent = who;
    here("known").textContent = word("signed_in_as", { who });
    here("enter").href = `/sign-in?${new URLSearchParams({ lang: language(), next: location.pathname })}`;
  }

  async #out() {
    here("out").disabled = true;
    try {
      const answer = await fetch("/api/v1/people/sign-out", { method: "POST" });
      if (!answer.ok) throw new Error(`sign-out: ${answer.status}`);
      this.#left();
    } catch {
      here("out").disabled = false;
      here("me").open = false;
      this.#failed();
    }
  }
}
