// The keyboard of the desk. Every key presses a button or follows a link that is on the page: the mouse can do the same.
"use strict";

(() => {
  document.documentElement.classList.add("js");
  const label = document.getElementById("label");
  const problem = document.getElementById("problem");
  const keys = document.getElementById("keys");
  const start = label ? state() : "";

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && !moving(event)) return;
    if (keys && keys.open) return;
    const key = named(event);
    if (key === "Escape") { escape(); return; }
    if (typing(event.target)) return;
    // Enter on a link, a button or a summary presses it; elsewhere it confirms.
    if (key === "Enter" && event.target.closest("a, button, summary, select")) return;
    if (act(key)) event.preventDefault();
  });

  if (keys) document.querySelector('[data-key="?"]').addEventListener("click", () => keys.showModal());

  document.addEventListener("submit", once);  // forms that come with a search, too

  if (label) {
    label.addEventListener("change", () => { tones(); if (clean()) hideProblem(); });
    document.querySelectorAll('[form="confirm"], #confirm button').forEach((button) => button.addEventListener("click", careful));
    tones();
    // The bar at the thumb leads to the panel: once that is in sight it has buttons of its own.
    const bar = document.querySelector(".thumb");
    new IntersectionObserver(([panel]) => bar.classList.toggle("away", panel.isIntersecting))
      .observe(document.getElementById("panel"));
  }

  function act(key) {
    const list = document.querySelector("#queue .queue");
    if (key === "?" && keys) { keys.showModal(); return true; }
    if (list && (key === "j" || key === "k")) return step(list, key === "j" ? 1 : -1);
    if (list && key === "o") return press(document.activeElement.closest(".item a"));
    if (label && key === "t" && window.deskTopics) { window.deskTopics.find(); return true; }
    if (label && key === "r") return cycle();
    if (label && key === "n") return press(label.querySelector('[data-toggle="n"]'));
    if (label && key === "e") return quote();
    if (label && (key === "v" || key === "g")) return next(label.querySelector(`[data-next="${key}"]`));
    if (label && /^[1-5]$/.test(key)) return choose(label.querySelector(`[data-digit="${key}"]`));
    return press(document.querySelector(`[data-key="${CSS.escape(key)}"]`));
  }

  // With a Vietnamese input method switched on, `key` may be "Process": the place on the keyboard is then what counts.
  function named(event) {
    if (event.key === "Process" || event.key === "Unidentified" || event.key === "Dead") {
      return event.code.replace(/^(Key|Digit|Numpad)/, "").toLowerCase();
    }
    return event.key.length === 1 ? event.key.toLowerCase() : event.key;
  }

  function typing(element) {
    return element.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit])");
  }

  function moving(event) { return event.key === "j" || event.key === "k"; }

  function press(element) { if (element) element.click(); return Boolean(element); }

  function step(list, by) {
    const links = [...list.querySelectorAll(".item h2 a")];
    const at = links.indexOf(document.activeElement);
    const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function choose(radio) {
    if (!radio || radio.disabled) return false;
    radio.checked = true;
    radio.focus({ preventScroll: true });
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  }

  function cycle() {
    const radios = [...label.querySelectorAll("[data-cycle=r] input")];
    const at = radios.findIndex((radio) => radio.checked);
    return choose(radios[(at + 1) % radios.length]);
  }

  // The next option of a list, the first after the last. The focus stays: in a list every key would choose.
  function next(list) {
    if (!list || list.disabled) return false;
    list.selectedIndex = (list.selectedIndex + 1) % list.options.length;
    list.dispatchEvent(new Event("change", { bubbles: true }));
    list.scrollIntoView({ block: "nearest" });
    say(list.options[list.selectedIndex].text);
    return true;
  }

  // The words that are selected in the article become the evidence; without any, the field is there to write in.
  function quote() {
    const field = label.querySelector("[name=evidence]");
    const chosen = getSelection();
    const text = document.querySelector("article.text");
    const words = chosen.anchorNode && text.contains(chosen.anchorNode) ? chosen.toString().trim() : "";
    if (!words) { field.focus(); return true; }
    field.value = words.slice(0, field.maxLength);
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.scrollIntoView({ block: "nearest" });
    say(field.dataset.taken);
    return true;
  }

  function say(words) { document.getElementById("heard").textContent = words; }

  // Tone is asked only where Vietnam is central or substantial.
  function tones() {
    const chosen = label.querySelector("[name=relevance]:checked");
    const asked = !chosen || "tone" in chosen.dataset;
    const box = document.getElementById("tone");
    box.classList.toggle("off", !asked);
    box.querySelectorAll("input").forEach((radio) => { radio.disabled = !asked; });
    // Only praise and blame are in somebody's voice.
    const tone = asked && box.querySelector(":checked");
    label.querySelector("[name=voice]").disabled = !(tone && "voice" in tone.dataset);
  }

  function state() {
    const names = ["relevance", "topic1", "topic2", "topic3", "tone", "valence", "voice", "evidence", "unsure"];
    const form = new FormData(label);
    return names.map((name) => form.get(name) || "").join("|");
  }

  function clean() { return state() === start && !("entered" in label.dataset); }

  // Confirming says that the machine is right: not while the form says something else.
  function careful(event) {
    if (clean()) return;
    event.preventDefault();
    problem.textContent = problem.dataset.dirty;
    problem.hidden = false;
    problem.scrollIntoView({ block: "nearest" });
  }

  function hideProblem() { problem.hidden = true; problem.textContent = ""; }

  function escape() {
    if (!label || clean()) { if (document.activeElement) document.activeElement.blur(); return; }
    // What the server sent back with a problem is not what the article had: fetch that.
    if ("entered" in label.dataset) { location.assign(label.getAttribute("action").replace("/labels", "")); return; }
    label.reset();
    window.deskTopics.reset();
    tones();
    hideProblem();
    say(document.getElementById("heard").dataset.reset);
    if (document.activeElement) document.activeElement.blur();
  }

  // A second press while the first is under way is not a second verdict.
  function once(event) {
    if (event.target.method !== "post") return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  }

  // Back from the browser's cache, the forms are as they were sent: allow them again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("[data-sent]").forEach((form) => { delete form.dataset.sent; });
  });
})();
