// The microphone, streamed to our own recogniser, and our own voice, played as it comes and cut when somebody speaks.

const BACK = 0.25; // seconds that are heard once more where the voice goes on

export class Sound {
  #wire;
  #context = null;
  #stream = null;
  #source = null;
  #taken = null;
  #playing = new Map(); // what sounds, or is to sound next: {sound, from, at}
  #held = null; // the same, in order, while the voice holds still: somebody seems to speak
  #next = 0;
  #chain = Promise.resolve();
  #round = 0; // of what was asked to sound last; what belongs to an earlier one is not played any more
  #number = 0; // the server's, of the reply that sounds
  #gain = 1;
  #whole = true; // whether all of it has come
  listening = false;
  aloud = false;
  onchange = () => {};
  onproblem = () => {};

  constructor(wire) {
    this.#wire = wire;
    wire.addEventListener("sound", ({ detail }) => this.#told(detail));
    wire.addEventListener("bytes", ({ detail }) => this.#play(detail));
    wire.addEventListener("listening", ({ detail }) => {
      if (detail.on || !this.listening) return;
      this.mute();
      if (detail.error) this.onproblem(detail.error);
    });
    wire.addEventListener("down", () => this.hush());
  }

  // After a (re)connect the server is told how things stand here.
  again() {
    if (this.aloud) this.#wire.tell({ type: "voice", on: true });
    if (this.listening) this.#wire.tell({ type: "audio", on: true, rate: this.#context.sampleRate });
  }

  speakAloud(on) {
    this.aloud = on;
    if (on) this.#ready();
    else this.hush();
    this.#wire.tell({ type: "voice", on });
    this.onchange();
  }

  async listen() {
    if (this.listening) return;
    if (!navigator.mediaDevices?.getUserMedia || !window.AudioWorkletNode) {
      this.onproblem(window.isSecureContext ? "no_microphone" : "no_secure");
      return;
    }
    try {
      const context = this.#ready();
      const loaded = context.audioWorklet.addModule("/page/worklet.js"); // before the microphone is open: no word is lost
      loaded.catch(() => {}); // told below
      this.#stream = await navigator.mediaDevices.getUserMedia({
        audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      });
      await loaded;
      this.#source = context.createMediaStreamSource(this.#stream);
      this.#taken = new AudioWorkletNode(context, "taken", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
      this.#taken.port.onmessage = ({ data }) => this.listening && this.#wire.bytes(data);
      this.#source.connect(this.#taken);
      this.#stream.getAudioTracks()[0].addEventListener("ended", () => {
        this.mute();
        this.onproblem("no_microphone");
      });
    } catch (error) {
      this.mute();
      this.onproblem(["NotAllowedError", "SecurityError"].includes(error.name) ? "no_leave" : "no_microphone");
      return;
    }
    this.listening = true;
    this.#wire.tell({ type: "audio", on: true, rate: this.#context.sampleRate });
    this.onchange();
  }

  mute() {
    if (this.listening) this.#wire.tell({ type: "audio", on: false });
    this.listening = false;
    this.#source?.disconnect();
    this.#taken?.port.close();
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = this.#source = this.#taken = null;
    this.onchange();
  }

  // Silent at once; the rest of what is being said is not played.
  hush() {
    const sounding = this.#playing.size > 0 || this.#held !== null;
    this.#round += 1;
    this.#silence();
    this.#held = null;
    if (sounding) this.#wire.tell({ type: "played", round: this.#number });
  }

  #silence() {
    for (const one of this.#playing.keys()) {
      one.onended = null;
      one.stop();
    }
    this.#playing.clear();
    this.#next = 0;
  }

  // Silent, but what comes and what was not heard yet is kept.
  #hold() {
    if (this.#held !== null) return;
    const now = this.#context?.currentTime ?? 0;
    this.#held = [...this.#playing.values()].map(({ sound, from, at }) => ({
      sound,
      from: Math.max(from, Math.min(sound.duration, from + now - at)),
    }));
    this.#silence();
  }

  #goOn() {
    const [first, ...rest] = this.#held ?? [];
    this.#held = null;
    if (first) this.#start(first.sound, Math.max(0, first.from - BACK));
    for (const one of rest) this.#start(one.sound, one.from);
    const round = this.#round;
    this.#chain = this.#chain.then(() => round === this.#round && this.#over());
  }

  #ready() {
    this.#context ??= new AudioContext({ latencyHint: "interactive" });
    if (this.#context.state === "suspended") this.#context.resume();
    return this.#context;
  }

  #told({ state, gain, round, error }) {
    if (state === "speaking") {
      this.hush();
      this.#number = round;
      this.#gain = gain ?? 1;
      this.#whole = false;
    } else if (state === "done") {
      this.#whole = true;
      const round = this.#round;
      this.#chain = this.#chain.then(() => round === this.#round && this.#over());
    } else if (state === "hold") this.#hold();
    else if (state === "on") this.#goOn();
    else if (state === "stop") this.hush();
    if (error) this.onproblem(error);
  }

  #play(wav) {
    if (!this.aloud) return;
    const round = this.#round;
    const context = this.#ready();
    this.#chain = this.#chain
      .then(() => context.decodeAudioData(wav))
      .then((sound) => {
        if (round === this.#round) this.#start(sound, 0);
      })
      .catch(() => {});
  }

  #start(sound, from) {
    if (this.#held !== null) {
      this.#held.push({ sound, from });
      return;
    }
    const context = this.#ready();
    const loud = new GainNode(context, { gain: this.#gain });
    const one = new AudioBufferSourceNode(context, { buffer: sound });
    one.connect(loud).connect(context.destination);
    const at = Math.max(context.currentTime + 0.02, this.#next);
    this.#next = at + sound.duration - from;
    this.#playing.set(one, { sound, from, at });
    one.onended = () => {
      this.#playing.delete(one);
      this.#over();
    };
    one.start(at, from);
  }

  #over() {
    if (this.#whole && this.#playing.size === 0 && this.#held === null) this.#wire.tell({ type: "played", round: this.#number });
  }
}
