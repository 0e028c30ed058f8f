// What stands beside the conversation: the basket while it is open, then how far the order has come.

import { icon, make } from "./make.js";
import { clock, has, language, money, word } from "./words.js";

const SUMS = ["subtotal", "discount", "fulfilment", "fee"];

export class Order {
  #place = document.getElementById("order");
  #name = document.getElementById("side-name");
  #brief = document.getElementById("brief");
  #told = new Map(); // a line as data, and a language -> the sentence that the shop has for it
  #shown = "";
  #goods = { tag: "", known: new Map() }; // what is sold, in the language that it was asked for in
  now = null;
  zone = "";
  ondo = () => {};

  constructor() {
    new ResizeObserver(() => this.#reach()).observe(this.#place);
  }

  // Where it scrolls, it can be scrolled by keyboard, also while there is nothing to press in it.
  #reach() {
    if (this.#place.scrollHeight > this.#place.clientHeight) this.#place.tabIndex = 0;
    else this.#place.removeAttribute("tabindex");
  }

  // Replies bring each line of the basket as a sentence.
  learn(reply) {
    for (const view of reply?.views ?? []) {
      if (view.kind !== "basket") continue;
      for (const line of view.data.lines) this.#told.set(key(line, reply.language), line.text);
    }
  }

  forget() {
    this.#told.clear();
    this.show(null);
  }

  show(order) {
    this.now = order ?? null;
    const shown = JSON.stringify([order, document.documentElement.lang]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const placed = order && order.stage !== "open";
    const count = placed ? 0 : (order?.lines ?? []).reduce((sum, line) => sum + line.quantity, 0);
    this.#name.textContent = placed ? this.#title(order) : word("basket");
    this.#brief.textContent = placed
      ? stage(order, order.stage)
      : count ? `${count} · ${money(order.totals.total, order.currency)}` : "";
    const before = this.#place.contains(document.activeElement) ? document.activeElement.dataset.at : null;
    this.#place.replaceChildren(...(placed ? this.#track(order) : count ? this.#basket(order) : [empty()]));
    if (before) (this.#place.querySelector(`[data-at="${before}"]`) ?? this.#place.querySelector("button"))?.focus();
    this.#reach();
  }

  #title(order) {
    const number = order.number ?? order.facts?.number;
    return number ? word("order", { number }) : word("basket");
  }

  // A line for which the shop has said no sentence in this language yet: its name, and what is chosen of it.
  #plain(line) {
    const name = line.quantity > 1 ? `${line.quantity} × ${line.name}` : line.name;
    if (!line.options?.length) return name;
    this.#know();
    const options = this.#goods.known.get(line.item)?.options ?? [];
    const chosen = line.options.map(({ option, choice, amount }) => {
      const found = options.find((one) => one.id === option)?.choices?.find((one) => one.id === choice);
      if (!found) return "";
      if (amount === "no") return `− ${found.name}`;
      return ["extra", "double"].includes(amount) ? `+ ${found.name}` : amount > 1 ? `${amount} × ${found.name}` : found.name;
    });
    const told = chosen.filter(Boolean).join(", ");
    return told ? `${name} (${told})` : name;
  }

  async #know() {
    const tag = language();
    if (this.#goods.tag === tag) return;
    this.#goods = { tag, known: new Map() };
    try {
      const answer = await fetch(`/api/v1/goods?language=${encodeURIComponent(tag)}`);
      if (!answer.ok || this.#goods.tag !== tag) return;
      for (const one of (await answer.json()).goods) this.#goods.known.set(one.id, one);
    } catch {
      if (this.#goods.tag === tag) this.#goods.tag = "";
      return;
    }
    this.#shown = "";
    this.show(this.now);
  }

  #lines(order, edit) {
    const list = make("ul", { class: "lines" });
    order.lines.forEach((line, index) => {
      const name = this.#told.get(key(line)) ?? this.#plain(line);
      const row = make(
        "li",
        { class: "line-of" },
        make("span", { class: "name" }, capital(name)),
        make("span", { class: "price" }, money(line.total, order.currency)),
      );
      if (edit) {
        const push = (acts, label, sign) =>
          make(
            "button",
            { type: "button", class: "step", "aria-label": label, title: label, "data-at": `${index}${sign}`,
              onclick: () => this.ondo(acts, label) },
            icon(sign),
          );
        const { name: item, quantity } = line;
        const gone = [{ act: "remove", lines: [{ which: index + 1 }] }];
        row.append(
          // A stay has its nights and its guests, and no count.
          line.when
            ? make("span", { class: "steps" }, push(gone, word("remove", { name: item }), "cross"))
            : make(
                "span",
                { class: "steps" },
                quantity > 1
                  ? push(counted(index, quantity - 1), word("fewer", { name: item }), "minus")
                  : push(gone, word("remove", { name: item }), "minus"),
                make("span", { class: "count" }, String(quantity)),
                push(counted(index, quantity + 1), word("more", { name: item }), "plus"),
              ),
        );
      }
      list.append(row);
    });
    return list;
  }

  #sums(order) {
    const sums = make("dl", { class: "sums" });
    const row = (name, amount, css = "") =>
      sums.append(make("div", { class: css }, make("dt", {}, name), make("dd", {}, money(amount, order.currency))));
    const { totals } = order;
    const plain = !totals.discount && !totals.fulfilment && !totals.fee && (totals.tax_included || !totals.tax);
    if (!plain) {
      for (const one of SUMS) if (totals[one]) row(word(one), one === "discount" ? -Math.abs(totals[one]) : totals[one]);
    }
    if (totals.tax && !totals.tax_included) row(word("tax"), totals.tax);
    row(word("total"), totals.total, "all");
    if (totals.tax && totals.tax_included) row(word("tax_included"), totals.tax, "small");
    return sums;
  }

  #basket(order) {
    return [this.#lines(order, !["charging", "unknown"].includes(order.payment?.status)), this.#sums(order)];
  }

  #track(order) {
    const parts = [];
    const names = (order.facts?.stages ?? []).map((one) => one.stage);
    const at = names.indexOf(order.stage);
    if (at >= 0) {
      const list = make("ol", { class: "stages" });
      names.forEach((name, index) => {
        const css = index < at ? "past" : index === at ? "here" : "ahead";
        const mark = make("span", { class: "mark" }, index <= at ? icon("tick") : "");
        list.append(
          make("li", { class: css, "aria-current": index === at ? "step" : null }, mark, make("span", {}, stage(order, name))),
        );
      });
      parts.push(list);
    } else {
      parts.push(make("p", { class: "stage-only" }, stage(order, order.stage)));
    }
    const expected = order.facts?.expected_at;
    if (expected && !["done", "cancelled"].includes(order.stage)) {
      const own = `expected_${order.facts?.fulfilment}`;
      const told = word(has(own) ? own : "expected", { time: clock(expected, this.zone) });
      parts.push(make("p", { class: "expected" }, icon("clock"), make("span", {}, told)));
    }
    parts.push(this.#lines(order, false), this.#sums(order));
    const status = order.payment?.status;
    if (has(`pay_${status}`)) parts.push(make("p", { class: "paid" }, icon("tick"), make("span", {}, word(`pay_${status}`))));
    return parts;
  }
}

function stage(order, name) {
  const own = (order.facts?.stages ?? []).find((one) => one.stage === name)?.name;
  return capital(own ?? (word(`stage_${name}`) || name));
}

function empty() {
  return make(
    "div",
    { class: "empty" },
    icon("basket"),
    make("p", { class: "title" }, word("empty")),
    make("p", {}, word("empty_hint")),
  );
}

// How many of a line there are to be, as an act.
function counted(index, quantity) {
  return [{ act: "change", lines: [{ which: index + 1, quantity }] }];
}

const key = (line, tag) =>
  JSON.stringify([tag || document.documentElement.lang, line.item, line.quantity, line.options, line.when ?? null]);

function capital(text) {
  const [first = "", ...rest] = [...String(text)];
  return first.toLocaleUpperCase(document.documentElement.lang) + rest.join("");
}
