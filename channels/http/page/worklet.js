// Runs in the audio thread: samples as they come, as 16-bit whole numbers, 32 ms at a time.

class Taken extends AudioWorkletProcessor {
  #block = new Int16Array(Math.round(sampleRate * 0.032));
  #at = 0;

  process([[samples]]) {
    for (const one of samples ?? []) {
      this.#block[this.#at] = Math.max(-32768, Math.min(32767, Math.round(one * 32768)));
      this.#at += 1;
      if (this.#at < this.#block.length) continue;
      const full = this.#block;
      this.#block = new Int16Array(full.length);
      this.#at = 0;
      this.port.postMessage(full.buffer, [full.buffer]);
    }
    return true;
  }
}

registerProcessor("taken", Taken);
