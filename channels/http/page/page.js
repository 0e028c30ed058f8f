// The page: puts the connection, the conversation, the order, the sound and the kiosk together.

import { Kiosk, tongues } from "./kiosk.js";
import { make } from "./make.js";
import { Me } from "./me.js";
import { Messages } from "./messages.js";
import { Order } from "./order.js";
import { Sound } from "./sound.js";
import { guard } from "./taps.js";
import { Wire } from "./wire.js";
import { dress, language, languages, offers, speak, word } from "./words.js";

const here = (id) => document.getElementById(id);
const root = document.documentElement;
const isKiosk = root.dataset.kiosk === "on";
const began = root.lang; // a kiosk is in this language again for whoever comes next
const TRACK = 8000; // ms between two looks at an order that somebody else moves on
const AGAIN = 4000; // ms after which what came at a bad moment is said again
const MOST = 2000; // letters of a message
const SLOW = 1200; // ms after which a message tells that it is under way

const wire = new Wire();
let shop = { name: root.dataset.shop };
const messages = new Messages(() => shop);
const order = new Order();
const sound = new Sound(wire);
const me = new Me({
  left: () => {
    wire.forget();
    location.reload();
  },
  failed: () => tell(word("broken"), true),
});
let kiosk = null;
let downSince = 0;
let joined = ""; // what is to be told of a code that led here
let last = null; // the reply whose answers are offered, and its turn
let offered = null; // the same, while nothing is offered because something was just said
let newest = null; // the turn of the reply that is shown last; null where it answers no turn

// -- saying something

// `tapped`: by a chip or a card, which answers what is shown. What is typed is an answer to nothing in particular.
function say(text, tapped = false) {
  const said = text.trim();
  if (!said || (tapped && waits())) return;
  sound.hush();
  const one = wire.say({ type: "say", text: said, shown: said, ...(tapped ? answers() : {}) });
  shownAsSent(one);
  offer(null);
}

// What is tapped while something else has no answer yet isn't sent: nobody has seen what it would mean then.
const waits = () => wire.outbox.length > 0;
const answers = () => (newest ? { answers: newest } : {});

function shownAsSent(one) {
  messages.person(one.id, one.shown, { waiting: wire.open ? "" : word("unsent") });
  setTimeout(() => {
    if (wire.open && wire.outbox.some((each) => each.id === one.id) && !messages.fate(one.id)) messages.sent(one.id, word("thinking"));
  }, SLOW);
}

function tap(number, text) {
  if (waits()) return;
  sound.hush();
  shownAsSent(wire.say({ type: "tap", choice: number, label: text.slice(0, 200), shown: text, ...answers() }));
  offer(null);
}

function act(acts, label, tied = true) {
  if (tied && waits()) return;
  sound.hush();
  shownAsSent(wire.say({ type: "tap", acts, label: label.slice(0, 200), shown: label, ...(tied ? answers() : {}) }));
}

// Whether a choice is of the goods with that name: its price may stand behind it, in brackets as the language writes them.
const offersOf = (choice, name) => choice.startsWith(name) && /^(\s*[(（]|$)/.test(choice.slice(name.length));

// The answers that can be tapped: what the reply offers, else what the step usually gets.
function offer(reply, turn = null) {
  const place = here("answers");
  const held = place.contains(document.activeElement);
  last = reply ? { reply, turn } : null;
  offered = last ?? offered;
  const chips = [];
  const choices = reply?.choices ?? [];
  // Where each choice has a card of its own, the card is what is tapped.
  const goods = (reply?.views ?? []).flatMap((one) => (one.kind === "items" ? one.data.items.map((item) => item.name) : []));
  const carded = choices.every((text) => goods.some((name) => offersOf(text, name)));
  if (!carded) choices.forEach((text, index) => chips.push([text, () => tap(index + 1, text)]));
  if (reply && reply.listening !== false && choices.length < 2) {
    const empty = (reply.expects ?? "basket") === "basket" && !order.now?.lines?.length;
    for (const text of offers(empty ? "start" : reply.expects)) {
      if (!choices.includes(text)) chips.push([text, () => say(text, true)]);
    }
  }
  const kinds = new Set((reply?.views ?? []).flatMap((one) => (one.kind === "items" ? one.data.items : [])).map((one) => one.category));
  if (kinds.size > 1 && !choices.length) {
    // A whole menu: its parts are what is asked for next.
    const parts = (shop.categories ?? []).filter((one) => kinds.has(one.id));
    chips.splice(0, chips.length, ...parts.map(({ name }) => [name, () => say(name, true)]));
  }
  // What agrees to something that is to be read first.
  const grave = reply?.expects === "confirm" || chips.some(([text]) => offers("confirm").includes(text));
  place.replaceChildren(
    ...chips.map(([text, pressed]) => {
      const once = () => {
        if (last?.reply === reply && turn === newest) pressed();
        else if (last) offer(last.reply, last.turn); // meanwhile another window went on
        rest();
      };
      return make("button", { type: "button", class: "chip", "data-grave": grave, onclick: once }, text);
    }),
  );
  place.hidden = chips.length === 0;
  if (held && place.hidden) rest();
}

// Where the focus goes when what had it is gone: to the field, but on a touch screen that would open its keyboard.
function rest() {
  if (matchMedia("(pointer: coarse)").matches || isKiosk) messages.focusLast();
  else here("text").focus({ preventScroll: true });
}

// -- what comes

function showOrder(now) {
  order.show(now);
  messages.follow(now);
  if (kiosk && !here("there").open) kiosk.alive();
}

function take(turn, reply, pending, answered = turn) {
  if (!reply) return;
  // A late result of something before: no reply is the last one for certain.
  newest = answered && (answered === newest || !messages.has(answered)) ? answered : null;
  order.learn(reply);
  if ("order" in reply) order.now = reply.order;
  messages.reply(turn, reply, pending);
  if ("order" in reply) showOrder(reply.order);
  offer(pending ? null : reply, newest);
  if (reply.language && reply.language !== language()) changeWords(reply.language);
}

wire.addEventListener("welcome", ({ detail }) => {
  detail.ready = welcome(detail);
});

async function welcome(detail) {
  shop = { ...shop, ...(detail.shop ?? {}) };
  order.zone = shop.time_zone;
  here("sandbox").hidden = !shop.sandbox;
  if (detail.language && detail.language !== language()) await changeWords(detail.language, false);
  tell(joined ? word(joined) : "", joined === "not_joined");
  joined = "";
  const known = detail.messages ?? [];
  for (const one of known) order.learn(one.reply);
  messages.history(known);
  const replies = known.filter((one) => one.who === "assistant" && one.reply);
  for (const one of replies) if (wire.answered(one.turn)) messages.sent(one.turn, "");
  for (const one of wire.outbox) messages.person(one.id, one.shown ?? one.text, { waiting: word("sending") });
  showOrder(detail.order);
  const latest = replies.at(-1);
  newest = latest?.turn || null;
  if (latest && !wire.outbox.length) offer(plain(latest.reply), newest);
}

wire.addEventListener("open", () => {
  sound.again();
  if (downSince && Date.now() - downSince > 1500) tell(word("online"));
  downSince = 0;
});

// A reply out of the history has its choices as whole objects.
function plain(reply) {
  return { ...reply, choices: (reply.choices ?? []).map((one) => one.text ?? one) };
}

wire.addEventListener("reply", ({ detail }) => {
  const { turn, reply, pending } = detail;
  if (turn && wire.answered(turn)) messages.sent(turn, "");
  take(turn, reply, Boolean(pending));
  kiosk?.alive();
});

wire.addEventListener("other", ({ detail }) => {
  const turn = detail.turn ?? `other ${crypto.randomUUID()}`;
  if (detail.text) messages.person(turn, detail.text, { elsewhere: true });
  take(turn, plain(detail.reply), Boolean(detail.reply?.pending), detail.turn || null);
});

wire.addEventListener("order", ({ detail }) => showOrder(detail.order));

wire.addEventListener("heard", ({ detail }) => {
  kiosk?.heard();
  if (detail.final && detail.turn) messages.person(detail.turn, detail.text);
  messages.heard(detail.final ? "" : detail.text);
});

const LATER = { too_many: "crowded", closing: "stopping" }; // what may be said again

wire.addEventListener("error", ({ detail }) => {
  const { id, error } = detail;
  if (error in LATER && wire.outbox.some((one) => one.id === id)) {
    messages.sent(id, word(LATER[error]));
    setTimeout(() => wire.resend(id), AGAIN);
  } else if (error === "outdated") {
    // Another window was quicker: what stands by now is shown, and nothing was done.
    wire.answered(id);
    messages.withdrawn(id);
    wire.again();
  } else if (id) {
    wire.answered(id);
    messages.sent(id, "", word("broken"));
    if (offered && offered.turn === newest) offer(offered.reply, offered.turn);
  } else tell(["no_model", "unheard", "mute", "busy"].includes(error) ? word(error) : word("broken"), true);
});

wire.addEventListener("down", () => {
  downSince ||= Date.now();
  messages.heard("");
  for (const one of wire.outbox) messages.sent(one.id, word("unsent"));
  setTimeout(() => {
    if (!wire.open) tell(word("offline"), true);
  }, 700);
});

let telling = 0;
function tell(text, stays = false) {
  clearTimeout(telling);
  here("line").textContent = text;
  here("line").classList.toggle("bad", stays);
  if (text && !stays) telling = setTimeout(() => tell(""), 4000);
}

// Somebody in the shop moves an order on: it is looked at while it is under way and this page is seen.
async function track() {
  const now = order.now;
  if (!wire.open || document.hidden || !now || ["open", "done", "cancelled"].includes(now.stage)) return;
  try {
    const answer = await fetch("/api/v1/order");
    if (!answer.ok) return;
    showOrder((await answer.json()).order);
  } catch {
    // The connection tells of that.
  }
}
setInterval(track, TRACK);
document.addEventListener("visibilitychange", track);

// -- words, and what stands at the top

async function changeWords(tag, told = true) {
  if (tag === language()) return;
  try {
    await speak(tag);
    const answer = await fetch(`/api/v1/shop?language=${encodeURIComponent(tag)}`);
    if (answer.ok) shop = await answer.json();
  } catch {
    // No connection: what isn't there stays in the language that it was in.
  }
  dressed();
  messages.redress();
  if (told && last) offer(last.reply, last.turn);
  order.show(order.now);
}

function dressed() {
  dress();
  document.title = word("title", { shop: shop.name });
  for (const one of document.querySelectorAll(".shop-name")) one.textContent = shop.name;
  const names = languages();
  here("language").replaceChildren(
    ...Object.entries(names).map(([tag, name]) => make("option", { value: tag, lang: tag, selected: tag === language() }, name)),
  );
  here("language").value = language();
  for (const id of ["tongues", "begin-tongues"]) tongues(here(id), names, language(), changeLanguage);
  controls();
  fits();
  if (!isKiosk) me.dress();
}

// The talk goes on in that language; before its beginning only the page does.
async function changeLanguage(tag) {
  if (tag === language()) return;
  await changeWords(tag);
  wire.hello({ language: tag });
  if (!kiosk || kiosk.begun) act([{ act: "change_language", value: tag }], languages()[tag], false);
}

function controls() {
  const speakButton = here("speak");
  speakButton.setAttribute("aria-pressed", String(sound.listening));
  speakButton.title = word(sound.listening ? "speak_end" : "speak");
  speakButton.querySelector("use").setAttribute("href", `/page/icons.svg#${sound.listening ? "stop" : "microphone"}`);
  here("text").placeholder = word(sound.listening ? "listening" : "ask");
  here("aloud").setAttribute("aria-pressed", String(sound.aloud));
  here("aloud").querySelector("use").setAttribute("href", `/page/icons.svg#${sound.aloud ? "aloud" : "silent"}`);
}

sound.onchange = controls;
sound.onproblem = (key) => tell(word(key) || word("broken"), true);

// A message that is too long stays as it is in the field until it was made shorter: nothing of it is cut.
function fits() {
  const over = [...here("text").value.trim()].length > MOST;
  const told = over ? word("too_long", { most: new Intl.NumberFormat(language()).format(MOST) }) : "";
  here("text").setAttribute("aria-invalid", String(over));
  if (here("long").textContent !== told) here("long").textContent = told;
  return !over;
}

here("text").addEventListener("input", fits);
// A list that was written elsewhere: the field has one line, and what stood on several stays apart.
here("text").addEventListener("paste", (event) => {
  const lines = (event.clipboardData?.getData("text/plain") ?? "").split(/[\r\n]+/).map((one) => one.trim());
  const kept = lines.filter(Boolean);
  if (kept.length < 2) return;
  event.preventDefault();
  const { selectionStart, selectionEnd } = here("text");
  here("text").setRangeText(kept.join(", "), selectionStart, selectionEnd, "end");
  fits();
});
here("write").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!fits()) return;
  say(here("text").value);
  here("text").value = "";
});
here("speak").addEventListener("click", async () => {
  if (sound.listening) {
    sound.mute();
    messages.heard("");
    return;
  }
  tell("");
  if (!sound.aloud) sound.speakAloud(true); // who speaks to it is spoken to
  await sound.listen();
});
here("aloud").addEventListener("click", () => sound.speakAloud(!sound.aloud));
here("person").addEventListener("click", () => say(word("person_say")));
here("language").addEventListener("change", (event) => changeLanguage(event.target.value));
messages.onchosen = (name) => {
  const choices = last?.reply?.choices ?? [];
  const at = choices.findIndex((one) => offersOf(one, name));
  if (at >= 0) tap(at + 1, choices[at]);
  else say(name, true);
  rest();
};
order.ondo = (acts, label) => act(acts, label);

// -- begin

// Beside the conversation the basket is always open; below it, on a phone, it is folded.
const wide = matchMedia("(min-width: 60rem) and (min-aspect-ratio: 4/5), (min-width: 44rem) and (max-height: 37.5rem)");
const unfold = () => {
  here("fold").open = wide.matches || isKiosk;
  here("fold").querySelector("summary").tabIndex = wide.matches ? -1 : 0; // there is nothing to fold then
};
wide.addEventListener("change", unfold);
unfold();
here("fold").querySelector("summary").addEventListener("click", (event) => wide.matches && event.preventDefault());

async function fresh() {
  sound.mute();
  sound.speakAloud(false);
  messages.clear();
  messages.heard("");
  order.forget();
  offer(null);
  offered = newest = null;
  tell("");
  here("text").value = "";
  fits();
  // At once: the next one may touch it before it speaks its own language again, and must find nothing of the last.
  wire.hello({ language: began, greet: false });
  wire.fresh();
  await changeWords(began);
}

// The link of another device leads here with a code: this browser goes on with that device's talk.
async function join() {
  const address = new URL(location.href);
  const given = address.searchParams.get("join");
  if (!given) return "";
  address.searchParams.delete("join");
  history.replaceState(null, "", address); // a reload doesn't try it again
  try {
    const answer = await fetch("/api/v1/join", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code: given }),
    });
    return answer.ok ? "joined" : "not_joined";
  } catch {
    return "not_joined";
  }
}

for (;;) {
  try {
    await speak(language());
    break;
  } catch {
    await new Promise((go) => setTimeout(go, AGAIN)); // without words nothing can be shown
  }
}
guard();
dressed();
if (isKiosk) {
  here("tongues").hidden = here("fresh").hidden = false;
  kiosk = new Kiosk(Number(root.dataset.idle) || 90, {
    over: fresh,
    paying: () => ["charging", "unknown"].includes(order.now?.payment?.status),
    begun: () => {
      wire.hello({ language: language(), greet: true });
      wire.again();
      rest();
    },
  });
  here("fresh").addEventListener("click", () => kiosk.end());
}
if (!isKiosk) me.look();
joined = await join();
tell(word("connecting"));
// Whoever stands before a kiosk that has just started isn't who stood there before.
wire.connect({ language: language(), greet: !isKiosk }, { fresh: isKiosk });
root.dataset.ready = "";
