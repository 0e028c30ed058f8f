// The connection to the server. What a person says has an id and stays in the outbox until it has an answer; after a
// cut it goes once more under the same id, which the server answers as it did the first time. So nothing is lost, and
// nothing is done twice.

const OUTBOX = "voicetill.outbox";
const PATIENCE = 20000; // ms without any frame after which a connection counts as dead
const LONGEST = 8000; // ms between two tries at most

export class Wire extends EventTarget {
  #socket = null;
  #tries = 0;
  #timer = 0;
  #beat = 0;
  #heard = 0;
  #hello = {};
  #frames = Promise.resolve();
  #stale = false; // the talk that the browser knows is somebody else's
  #beginning = false;
  #welcomed = false;
  outbox = kept();

  connect(hello, { fresh = false } = {}) {
    if (fresh) this.forget();
    this.#stale = fresh;
    this.#hello = hello;
    this.#open();
    addEventListener("online", () => this.#now());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#now());
  }

  get open() {
    return this.#welcomed;
  }

  // Something that is to be answered: {type, id?, …}.
  say(frame) {
    const one = { id: newId(), ...frame };
    this.outbox.push(one);
    this.#keep();
    if (this.open) this.#send(one);
    return one;
  }

  resend(id) {
    const one = this.outbox.find((each) => each.id === id);
    if (one && this.open) this.#send(one);
  }

  // Something that is of no use later.
  tell(frame) {
    if (this.open) this.#send(frame);
    return this.open;
  }

  bytes(data) {
    if (this.open && this.#socket.bufferedAmount < 1 << 19) this.#socket.send(data);
  }

  answered(id) {
    const at = this.outbox.findIndex((one) => one.id === id);
    if (at < 0) return null;
    const [one] = this.outbox.splice(at, 1);
    this.#keep();
    return one;
  }

  forget() {
    this.outbox = [];
    this.#keep();
  }

  // A new talk, and a new connection with it. Until it is there nobody comes back to the one before.
  fresh() {
    this.forget();
    clearTimeout(this.#timer);
    clearInterval(this.#beat);
    const before = this.#socket;
    this.#socket = null;
    this.#welcomed = false;
    before?.close();
    this.#stale = true;
    this.#tries = 0;
    this.#open();
  }

  // How this page presents itself from the next hello on.
  hello(more) {
    this.#hello = { ...this.#hello, ...more };
  }

  // Hello once more, on the connection that there is; also where the first one has no answer yet.
  again() {
    this.#send({ type: "hello", ...this.#hello });
  }

  #now() {
    if (this.#socket?.readyState === WebSocket.OPEN) return;
    this.#tries = 0;
    clearTimeout(this.#timer);
    this.#open();
  }

  async #open() {
    if (this.#beginning || this.#socket?.readyState === WebSocket.CONNECTING) return;
    if (this.#stale) {
      this.#beginning = true;
      try {
        this.#stale = !(await begin()).ok;
      } catch {
        // No connection: tried again like one that was cut.
      }
      this.#beginning = false;
      if (this.#stale) {
        this.#lost();
        return;
      }
    }
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(`${scheme}//${location.host}/ws`);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    const ours = () => socket === this.#socket;
    socket.addEventListener("open", () => {
      if (!ours()) return;
      this.#heard = Date.now();
      this.#send({ type: "hello", ...this.#hello });
      clearInterval(this.#beat);
      this.#beat = setInterval(() => this.#check(socket), PATIENCE / 3);
    });
    socket.addEventListener("message", ({ data }) => {
      if (!ours()) return;
      this.#heard = Date.now();
      this.#frames = this.#frames.then(() => ours() && this.#take(data)).catch(console.error);
    });
    socket.addEventListener("close", () => ours() && this.#lost());
  }

  // A peer that fell silent is left at once: its closing handshake may never come.
  #lost() {
    const refused = !this.#welcomed;
    this.#socket = null;
    this.#welcomed = false;
    clearInterval(this.#beat);
    this.#give("down", {});
    if (refused && this.#tries > 0 && !this.#stale) this.#known();
    const wait = Math.min(LONGEST, 400 * 2 ** this.#tries) * (0.75 + Math.random() / 2);
    this.#tries += 1;
    this.#timer = setTimeout(() => this.#open(), wait);
  }

  // A browser whose talk the server no longer knows (its key is another one now) begins a new one.
  async #known() {
    try {
      if ((await fetch("/api/v1/order")).status === 401) await begin();
    } catch {
      // No connection at all.
    }
  }

  // One frame after the other: who handles a welcome may take its time (`ready`), and what comes behind it waits.
  async #take(data) {
    if (data instanceof ArrayBuffer) {
      this.#give("bytes", data);
      return;
    }
    const frame = JSON.parse(data);
    const socket = this.#socket;
    this.#give(frame.type, frame);
    if (frame.type !== "welcome") return;
    await frame.ready;
    if (socket !== this.#socket) return;
    this.#welcomed = true;
    this.#tries = 0;
    for (const one of this.outbox) this.#send(one);
    this.#give("open", {});
  }

  #check(socket) {
    if (Date.now() - this.#heard > PATIENCE) {
      socket.close();
      if (socket === this.#socket) this.#lost();
    } else if (this.open) this.#send({ type: "ping" });
  }

  #send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    const { shown, ...sent } = frame; // `shown` is what the page shows of it
    this.#socket.send(JSON.stringify(sent));
  }

  #give(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #keep() {
    try {
      sessionStorage.setItem(OUTBOX, JSON.stringify(this.outbox));
    } catch {
      // A browser that keeps nothing: the outbox in memory is still there.
    }
  }
}

// A new talk: the server makes it, and the browser keeps it in a cookie that no script can read.
function begin() {
  return fetch("/api/v1/sessions", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" });
}

function kept() {
  try {
    const found = JSON.parse(sessionStorage.getItem(OUTBOX) ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}
