// The conversation: what each says, with cards, links, codes and the payment that waits.

import { code, icon, link, make, picture } from "./make.js";
import { clock, language, money, word } from "./words.js";

const CARDS = 12; // goods that are shown at once; the rest on demand

export class Messages {
  #list = document.getElementById("messages");
  #log = document.getElementById("log");
  #scroll = document.getElementById("scroll");
  #shop;
  #goods = new Map();
  #looked = false;
  #follows = true; // whether the end of the talk is kept in sight: not while somebody reads what was before
  #payments = new Map(); // an attempt -> its cards (it may be told of more than once), and what is told of it

  constructor(shop) {
    this.#shop = shop;
    const scroll = this.#scroll;
    scroll.addEventListener("scroll", () => {
      this.#follows = scroll.scrollTop > this.#end() - 80;
    });
    const resized = new ResizeObserver(() => this.#follows && this.#down());
    resized.observe(scroll);
    resized.observe(this.#list);
  }

  clear() {
    this.#list.replaceChildren();
    this.#payments.clear();
    this.#goods.clear();
    this.#looked = false;
  }

  // All that was said before, in place of what is shown. What is still in the outbox comes behind it.
  history(messages) {
    const quiet = this.#list.childElementCount > 0; // a reconnect: what is known isn't read out once more
    this.#log.setAttribute("aria-live", quiet ? "polite" : "off");
    for (const one of messages) {
      const key = `${one.turn}:${one.who}`;
      if (one.who === "staff" ? this.#find(`${key}:${one.at}`) : this.#find(key)) {
        if (one.who === "assistant" && one.reply) this.reply(one.turn, one.reply);
        continue;
      }
      if (one.who === "assistant") this.reply(one.turn, one.reply ?? { text: one.text });
      else if (one.who === "staff") this.staff(one.text, one.name, `${key}:${one.at}`);
      else this.person(one.turn, one.text);
    }
    requestAnimationFrame(() => this.#log.setAttribute("aria-live", "polite"));
  }

  person(id, text, { waiting = false, elsewhere = false } = {}) {
    if (!text) return;
    const found = this.#find(`${id}:person`);
    if (found) return this.sent(id, waiting);
    const one = this.#put(`${id}:person`, "person", elsewhere ? word("elsewhere") : word("you"));
    one.append(make("p", { class: "said" }, text));
    if (waiting) this.sent(id, waiting);
    this.#after();
  }

  // How far a message of ours has come: "" arrived, else what is told of it.
  sent(id, waiting, failed = "") {
    const one = this.#find(`${id}:person`);
    if (!one) return;
    one.querySelector(".fate")?.remove();
    one.classList.toggle("waiting", Boolean(waiting));
    const said = failed ? word("failed", { why: failed }) : waiting;
    if (said) one.append(make("p", { class: failed ? "fate bad" : "fate" }, said));
  }

  has(turn) {
    return Boolean(this.#find(`${turn}:assistant`));
  }

  // A message of ours that was never taken.
  withdrawn(id) {
    this.#find(`${id}:person`)?.remove();
  }

  fate(id) {
    return this.#find(`${id}:person`)?.querySelector(".fate")?.textContent ?? "";
  }

  staff(text, name, key) {
    if (this.#find(key)) return;
    // It was shown when it came, as a reply that answers no turn; the history has it by itself.
    const live = [...this.#list.querySelectorAll(":scope > [data-live]")];
    const shown = live.find((one) => [text, name].every((part) => one.textContent.includes(part)));
    if (shown) {
      shown.dataset.key = key;
      delete shown.dataset.live;
      return;
    }
    const shop = this.#shop().name;
    const who = name ? word("staff", { name, shop }) : word("staff_nameless", { shop });
    this.#put(key, "staff", who, true).append(make("p", { class: "said" }, text));
    this.#after();
  }

  reply(turn, reply, pending = false) {
    const key = `${turn ?? crypto.randomUUID()}:assistant`;
    const before = this.#find(key);
    const same = JSON.stringify([reply.text, pending, reply.private ?? [], (reply.views ?? []).map((one) => one.kind)]);
    if (before && before.dataset.same === same) return;
    const one = before ?? this.#put(key, "assistant", word("assistant"));
    if (!turn) one.dataset.live = "";
    one.replaceChildren(one.firstChild);
    one.dataset.same = same;
    one.classList.toggle("pending", pending);
    const tag = reply.language || language();
    one.append(make("p", { class: "said", lang: tag }, reply.text));
    for (const view of reply.views ?? []) {
      if (view.kind === "items") one.append(this.#items(view.data));
      if (view.kind === "payment") one.append(this.#payment(view.data, reply));
    }
    const paying = (reply.views ?? []).some((view) => view.kind === "payment");
    for (const secret of reply.private ?? []) {
      if (!(paying && secret.kind === "link")) one.append(this.#secret(secret));
    }
    this.#after();
  }

  // What is heard, word by word, until it is a message.
  heard(text) {
    const caption = document.getElementById("caption");
    caption.textContent = text;
    caption.hidden = !text;
    if (text) this.#down();
  }

  // The order as it stands now: the payments that are shown follow it.
  follow(order) {
    const last = [...this.#payments.keys()].at(-1);
    for (const [attempt, { cards }] of this.#payments) {
      const status = order?.payment?.status ?? "none";
      const ours = attempt === last;
      const placed = order && order.stage !== "open"; // before that, what is due is only not paid yet
      let state = "over";
      if (ours && ["charging", "unknown"].includes(status)) state = status === "unknown" ? "unknown" : "waiting";
      else if (ours && placed && ["paid", "due", "refunded", "partly_refunded", "review"].includes(status)) state = status;
      else if (cards.some((card) => card.dataset.state === "paid")) state = "paid";
      for (const card of cards) {
        this.#settle(card, state);
        if (state === "waiting" && order.payment.link) this.#lead(card, order.payment.link);
      }
    }
  }

  focusLast() {
    const last = this.#list.lastElementChild;
    if (!last) return;
    last.tabIndex = -1;
    last.focus({ preventScroll: true });
  }

  #find(key) {
    return this.#list.querySelector(`:scope > [data-key="${CSS.escape(key)}"]`);
  }

  #put(key, who, name, shown = false) {
    const one = make("li", { class: `message ${who}`, "data-key": key });
    one.append(make("p", { class: shown ? "who" : "who unseen" }, name));
    this.#list.append(one);
    return one;
  }

  #items({ items, currency }) {
    const list = make("ul", { class: "cards", "aria-live": "off" });
    const add = (some) => list.append(...some.map((one) => this.#card(one, currency)));
    add(items.slice(0, CARDS));
    this.#look(list);
    if (items.length <= CARDS) return list;
    const rest = make("button", { type: "button", class: "rest" }, word("all_goods", { count: items.length }));
    rest.addEventListener("click", () => {
      const first = list.childElementCount;
      add(items.slice(CARDS));
      this.#look(list);
      rest.remove();
      list.children[first]?.querySelector("button")?.focus();
    });
    return make("div", {}, list, rest);
  }

  #card(one, currency) {
    const button = make(
      "button",
      { type: "button", class: "card", "data-item": one.item, "aria-label": word("add", { name: one.name }) },
      picture(one.item, one.name),
      make(
        "span",
        { class: "about" },
        make("span", { class: "name" }, one.name),
        one.description ? make("span", { class: "more" }, one.description) : null,
        make("span", { class: "price" }, Number.isInteger(one.price) ? money(one.price, currency) : ""),
      ),
    );
    button.removeAttribute("aria-label");
    button.addEventListener("click", () => this.onchosen(one.name));
    return make("li", {}, button);
  }

  onchosen = () => {};

  // What more is known of the goods that are shown: pictures, and whether there are any. Asked for once.
  async #look(list) {
    if (!this.#looked) {
      this.#looked = true;
      try {
        const answer = await fetch(`/api/v1/goods?language=${encodeURIComponent(language())}`);
        const found = answer.ok ? await answer.json() : { goods: [] };
        for (const one of found.goods) this.#goods.set(one.id, one);
      } catch {
        this.#looked = false;
      }
    }
    for (const card of list.querySelectorAll(".card:not([data-known])")) {
      const known = this.#goods.get(card.dataset.item);
      if (!known) continue;
      card.dataset.known = "";
      if (known.picture) {
        const source = `/api/v1/goods/${encodeURIComponent(known.id)}/picture`;
        card.firstElementChild.replaceWith(picture(known.id, known.name, source));
      }
      if (known.available === false) card.querySelector(".price").append(" · ", word("sold_out"));
    }
  }

  #payment(data, reply) {
    const card = make(
      "section",
      { class: "payment" },
      make("div", { class: "draw" }),
      make(
        "div",
        { class: "tell" },
        make("p", { class: "sum" }),
        make("p", { class: "state", role: "status" }),
        make("p", { class: "how" }),
        make("a", { class: "wide main go", hidden: true, target: "_blank", rel: "noopener" }),
        make("p", { class: "until" }),
        this.#shop().sandbox ? make("p", { class: "badge" }) : null,
      ),
    );
    const cards = (this.#payments.get(data.attempt)?.cards ?? []).filter((one) => one.isConnected);
    this.#payments.delete(data.attempt);
    this.#payments.set(data.attempt, { cards: [...cards, card], data });
    this.#settle(card, "waiting");
    this.#worded(card, data);
    const secret = (reply.private ?? []).find((one) => one.kind === "link");
    if (secret) this.#lead(card, secret.value);
    return card;
  }

  // The page speaks another language now, and so does what is still looked at: how the payments stand.
  redress() {
    for (const { cards, data } of this.#payments.values()) for (const card of cards) this.#worded(card, data);
  }

  #worded(card, { amount, currency, expires_at }) {
    const sum = money(amount, currency);
    const until = expires_at ? word("until", { time: clock(expires_at, this.#shop().time_zone) }) : "";
    const words = { sum, how: word("scan"), go: word("pay", { amount: sum }), until, badge: word("sandbox") };
    for (const [name, text] of Object.entries(words)) card.querySelector(`.${name}`)?.replaceChildren(text);
    card.querySelector(".state span").textContent = word(`pay_${card.dataset.state}`);
    card.querySelector(".code")?.setAttribute("aria-label", word("code"));
    card.setAttribute("aria-label", words.go);
  }

  #settle(card, state) {
    if (card.dataset.state === state) return;
    card.dataset.state = state;
    const sign = { waiting: "clock", unknown: "clock", over: "cross" }[state] ?? "tick";
    card.querySelector(".state").replaceChildren(icon(sign), make("span", {}, word(`pay_${state}`)));
  }

  async #lead(card, value) {
    const go = card.querySelector(".go");
    if (!link(value) || go.getAttribute("href") === value) return;
    go.href = value;
    // A kiosk must not wander off to a far end's page: there one pays by phone. (Trying it out has no phone.)
    go.hidden = document.documentElement.dataset.kiosk === "on" && !this.#shop().sandbox;
    await this.#draw(card.querySelector(".draw"), value, word("code"));
  }

  #secret({ kind, value, label }) {
    const box = make("section", { class: "secret", "aria-label": label || word(kind === "link" ? "link" : "your_code") });
    if (kind !== "link") {
      box.append(make("p", { class: "how" }, label || word("your_code")), make("p", { class: "digits" }, value));
      return box;
    }
    const draw = make("div", { class: "draw" });
    box.append(draw);
    if (link(value)) {
      box.append(make("a", { class: "wide go", href: value, target: "_blank", rel: "noopener" }, label || word("link")));
    }
    this.#draw(draw, value, word("link_code"));
    return box;
  }

  async #draw(place, value, name) {
    try {
      const answer = await fetch("/page/qr", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ text: value }),
      });
      if (answer.ok) place.replaceChildren(code(await answer.json(), name));
    } catch {
      // The link itself is there.
    }
  }

  #after() {
    this.#list.querySelector(":scope > .newest")?.classList.remove("newest");
    const spoken = [...this.#list.children].filter((one) => !one.classList.contains("person")).at(-1);
    spoken?.classList.add("newest");
    this.#down();
  }

  // Where the end is in sight, but never past the beginning of what was said last.
  #end() {
    const last = this.#list.lastElementChild;
    const most = this.#scroll.scrollHeight - this.#scroll.clientHeight;
    return Math.max(0, last ? Math.min(last.offsetTop - 16, most) : most);
  }

  #down() {
    this.#follows = true;
    requestAnimationFrame(() => {
      this.#scroll.scrollTop = this.#end();
    });
  }
}
