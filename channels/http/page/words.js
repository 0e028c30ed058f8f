// What the page says, in the language of the talk. Every word comes from the server (/words/<tag>.json).

let now = { language: document.documentElement.lang || "en", languages: {}, words: {} };

export const language = () => now.language;
export const languages = () => now.languages;

export async function speak(tag) {
  const answer = await fetch(`/words/${encodeURIComponent(tag)}.json`);
  if (!answer.ok) throw new Error(`words: ${answer.status}`);
  now = await answer.json();
  document.documentElement.lang = now.language;
}

// A word with its values put in. Values are text and stay text.
export function word(key, values = {}) {
  const found = now.words[key] ?? "";
  return found.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

export const has = (key) => key in now.words;
export const offers = (step) => now.words.offers?.[step] ?? [];

// An amount of minor units, as people write it in this language.
export function money(amount, currency) {
  try {
    const form = new Intl.NumberFormat(now.language, { style: "currency", currency });
    return form.format(amount / 10 ** form.resolvedOptions().maximumFractionDigits);
  } catch {
    return `${amount} ${currency}`;
  }
}

// A moment as the shop's clock shows it; the day too, where it isn't today.
export function clock(iso, timeZone) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const form = (style) => new Intl.DateTimeFormat(now.language, { ...style, timeZone: timeZone || undefined });
  const day = form({ dateStyle: "medium" });
  const time = form({ timeStyle: "short" }).format(at);
  return day.format(at) === day.format(new Date()) ? time : `${day.format(at)} ${time}`;
}

// Puts the words into what stands in the page: data-word is its text, data-label its name, data-placeholder …
export function dress(root = document) {
  for (const one of root.querySelectorAll("[data-word]")) one.textContent = word(one.dataset.word);
  for (const one of root.querySelectorAll("[data-label]")) {
    one.setAttribute("aria-label", word(one.dataset.label));
    if (one.localName === "button") one.title = word(one.dataset.label);
  }
  for (const one of root.querySelectorAll("[data-placeholder]")) one.placeholder = word(one.dataset.placeholder);
}
