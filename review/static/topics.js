// The topic chooser: search and chips over the three selects, which stay the form's fields. Without it the selects are shown.
"use strict";

(() => {
  const box = document.getElementById("topics");
  if (!box) return;
  const words = JSON.parse(box.dataset.words);
  const machine = JSON.parse(box.dataset.machine);
  const selects = [...box.querySelectorAll("select")];
  const all = [...selects[0].options].filter((option) => option.value).map((option) => ({
    id: option.value, name: option.text, notes: option.title,
    found: fold(`${option.text} ${option.dataset.other} ${option.value}`), letters: initials(option.text),
  }));
  const named = new Map(all.map((topic) => [topic.id, topic]));
  const chips = make("ol", "chips");
  const search = make("input", "topic-search");
  const list = make("ul", "options");
  const notes = make("p", "legend-note notes");
  let chosen = selects.map((select) => select.value).filter(Boolean);
  const before = [...chosen];
  let shown = [];
  let at = 0;

  search.type = "search";
  search.placeholder = words.search;
  search.autocomplete = "off";
  set(search, { role: "combobox", "aria-label": words.search, "aria-expanded": "false", "aria-controls": "topic-options",
    "aria-autocomplete": "list" });
  list.id = "topic-options";
  set(list, { role: "listbox", "aria-label": words.search });
  notes.setAttribute("aria-live", "polite");
  // Over the page, not in it: what is below must not move away from under a mouse that is about to press it.
  const popup = make("div", "popup");
  popup.append(list, notes);
  popup.hidden = true;
  box.append(chips, search, popup);
  draw();

  search.addEventListener("focus", () => open());
  search.addEventListener("input", () => { at = 0; open(); });
  search.addEventListener("blur", () => close());
  search.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") { event.preventDefault(); if (shown[at]) add(shown[at].id); }
    else if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); leave(); }
    else if (event.key === "ArrowDown") { event.preventDefault(); move(1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); move(-1); }
    else if (event.key === "Backspace" && !search.value && chosen.length) change(chosen.slice(0, -1));
  });

  // Others say: `deskTopics.reset()` on Esc, `deskTopics.find()` on T.
  window.deskTopics = { reset: () => change([...before]), find: () => { search.focus(); search.select(); } };

  function add(id) {
    if (chosen.includes(id)) change(chosen.filter((other) => other !== id));
    else if (chosen.length < selects.length) change([...chosen, id]);
    else { notes.textContent = words.full; return; }
    search.value = "";
    at = 0;
    open();
  }

  function change(next) {
    chosen = next;
    selects.forEach((select, place) => { select.value = chosen[place] || ""; });
    draw();
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function draw() {
    chips.replaceChildren(...chosen.map((id, place) => {
      const chip = make("li", place ? "chip" : "chip primary");
      const name = button(named.get(id).name, place ? `${words.first}: ${named.get(id).name}` : "", () => first(id));
      name.disabled = !place;
      chip.append(name);
      if (!place) chip.append(small(words.primary));
      if (machine.includes(id)) chip.append(small(words.machine, "by-machine"));
      chip.append(button("×", `${words.remove}: ${named.get(id).name}`, () => change(chosen.filter((other) => other !== id))));
      return chip;
    }));
  }

  function first(id) { change([id, ...chosen.filter((other) => other !== id)]); }

  function open() {
    const wanted = fold(search.value.trim());
    shown = all.filter((topic) => !wanted || topic.found.includes(wanted) || topic.letters.startsWith(wanted));
    at = Math.min(at, Math.max(0, shown.length - 1));
    list.replaceChildren(...shown.map((topic, place) => {
      const option = make("li", "");
      option.id = `topic-${topic.id}`;
      option.textContent = topic.name;
      set(option, { role: "option", "aria-selected": String(chosen.includes(topic.id)) });
      option.classList.toggle("at", place === at);
      // mousedown: a click would come after the search box has lost the focus and the list is gone.
      option.addEventListener("mousedown", (event) => { event.preventDefault(); add(topic.id); if (notes.textContent !== words.full) leave(); });
      return option;
    }));
    popup.hidden = false;
    set(search, { "aria-expanded": "true", "aria-activedescendant": shown[at] ? `topic-${shown[at].id}` : "" });
    notes.textContent = shown[at] ? shown[at].notes : words.none;
    const current = list.children[at];
    if (current) list.scrollTop = current.offsetTop - list.clientHeight / 2;
  }

  function close() {
    popup.hidden = true;
    notes.textContent = "";
    search.setAttribute("aria-expanded", "false");
    search.removeAttribute("aria-activedescendant");
  }

  function leave() { search.value = ""; search.blur(); }

  function move(step) { at = (at + step + shown.length) % Math.max(1, shown.length); open(); }

  // "Kinh tế" is found by "kinh te": marks off, đ = d.
  function fold(text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase(); }

  // "Kinh tế, thương mại, đầu tư" is found by "kttm".
  function initials(text) { return fold(text).split(/[^a-z0-9]+/).map((word) => word[0] || "").join(""); }

  function make(name, style) { const made = document.createElement(name); if (style) made.className = style; return made; }

  function small(text, style) { const made = make("i", style || "rank"); made.textContent = text; return made; }

  function set(element, values) { for (const [name, value] of Object.entries(values)) element.setAttribute(name, value); }

  function button(text, label, press) {
    const made = make("button", "");
    made.type = "button";
    made.textContent = text;
    if (label) set(made, { "aria-label": label, title: label });
    made.addEventListener("click", press);
    return made;
  }
})();
