// Suggestions under the search box while a reader types: the combobox of the ARIA Authoring Practices Guide
// (a list of options, and the focus stays in the box). Without this script the box is a plain form.

const WAIT = 150; // milliseconds after the last key
let boxes = 0;

for (const box of document.querySelectorAll("input[data-suggestions]")) suggestTo(box);

function suggestTo(box) {
  const list = document.createElement("ul");
  list.id = `suggestions-${++boxes}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.list);
  box.parentNode.append(list);
  const attributes = {
    role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id,
  };
  for (const [name, value] of Object.entries(attributes)) box.setAttribute(name, value);

  let chosen = -1;
  let timer = 0;
  let request = null;

  function show(suggestions) {
    list.replaceChildren(...suggestions.map(option));
    list.hidden = suggestions.length === 0;
    box.setAttribute("aria-expanded", String(!list.hidden));
    choose(-1);
  }

  function option({ label, description, address }, place) {
    const item = document.createElement("li");
    item.id = `${list.id}-${place}`;
    item.dataset.address = address;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const kind = document.createElement("small");
    kind.textContent = description;
    item.append(label, " ", kind);
    return item;
  }

  function choose(place) {
    const items = [...list.children];
    chosen = place;
    items.forEach((item, each) => item.setAttribute("aria-selected", String(each === place)));
    if (place < 0) {
      box.removeAttribute("aria-activedescendant");
    } else {
      box.setAttribute("aria-activedescendant", items[place].id);
      items[place].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    clearTimeout(timer);
    request?.abort();
    show([]);
  }

  async function ask() {
    request?.abort();
    const text = box.value.trim();
    if (!text) return show([]);
    const own = (request = new AbortController());
    try {
      const answer = await fetch(`${box.dataset.suggestions}?q=${encodeURIComponent(text)}`, { signal: own.signal });
      const [, labels, descriptions, addresses] = answer.ok ? await answer.json() : ["", [], [], []];
      show(labels.map((label, each) => ({ label, description: descriptions[each], address: addresses[each] })));
    } catch (error) {
      if (error.name !== "AbortError") show([]); // no connection: the form still works
    }
  }

  box.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(ask, WAIT);
  });
  box.addEventListener("compositionend", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT);
  });

  box.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      close();
    } else if (event.key === "Enter" && chosen >= 0) {
      location.assign(list.children[chosen].dataset.address);
    } else if (event.key === "ArrowDown" && count) {
      choose(chosen + 1 < count ? chosen + 1 : -1);
    } else if (event.key === "ArrowUp" && count) {
      choose(chosen < 0 ? count - 1 : chosen - 1);
    } else {
      return;
    }
    event.preventDefault();
  });

  box.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the focus stays in the box
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[role=option]");
    if (item) location.assign(item.dataset.address);
  });
}
