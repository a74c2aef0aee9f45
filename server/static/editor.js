// Turns the form for queries into YASGUI's editor; without this script, or without the package, the form stays.
//
// Whatever the editor offers (prefixes, terms with their labels, questions) comes from this server at once, and
// it asks no other: not for prefixes, not for terms, and not for answers.

const PACKAGES = new URL("packages/", import.meta.url);
const LANGUAGE = document.documentElement.lang;
const ENDPOINT = new URL("/sparql", location).href;
const AT_ONCE = 100;

async function main() {
  const form = document.querySelector("form.query");
  const [, offered] = await Promise.all([script("yasgui.js"), json(`/queries/terms.json?lang=${LANGUAGE}`)]);
  const Yasgui = globalThis.Yasgui.default ?? globalThis.Yasgui;
  offerTerms(Yasgui.Yasqe, offered);
  Yasgui.Yasr.registerPlugin("table", labelledTable(offered));
  Yasgui.Yasr.defaults.errorRenderers = [fault(offered.words.interface)];
  const place = document.createElement("div");
  place.className = "editor";
  form.before(place);
  const label = form.elements.query.labels[0]?.textContent.trim() ?? form.elements.query.ariaLabel;
  const editor = open(Yasgui, place, declared(form.elements.query.value, offered.prefixes), offered, label);
  place.querySelector(".addTab").setAttribute("role", "tab"); // nothing else may stand in a list of tabs (ARIA 1.2)
  place.prepend(questions(editor, offered));
  form.hidden = true;
  if (LANGUAGE !== "en") translate(place, offered.words);
}

function open(Yasgui, place, query, { prefixes, words }, screenReaderLabel) {
  const editor = new Yasgui(place, {
    autofocus: false,
    // A link may bring a query, but no other endpoint.
    populateFromUrl: (brought) => ({ ...brought, requestConfig: { ...brought.requestConfig, endpoint: ENDPOINT } }),
    persistenceId: "cekg",
    tabName: words.interface["Query"],
    requestConfig: { endpoint: ENDPOINT, method: "POST" },
    endpointCatalogueOptions: { getData: () => [{ endpoint: ENDPOINT }], keys: [] },
    yasqe: { value: query, prefixCcApi: null, screenReaderLabel },
    yasr: { prefixes },
  });
  if (new URLSearchParams(location.search).has("draft")) draft(editor, query);
  for (const tab of Object.values(editor._tabs)) tab.setEndpoint(ENDPOINT);
  return editor;
}

// A query that came with the address stands in the tab in which it stood before, or in one of its own.
function draft(editor, query) {
  const same = Object.values(editor._tabs).find((tab) => tab.getPersistedJson().yasqe.value === query);
  const tab = same ? editor.selectTabId(same.getId()) : editor.addTab(true);
  if (!same) tab.setQuery(query);
}

// This server needs no declarations, but the editor marks a prefix without one, and other endpoints refuse it.
function declared(query, prefixes) {
  const missing = Object.keys(prefixes).filter(
    (prefix) =>
      new RegExp(`(?<![\\w<-])${prefix}:`).test(query) && !new RegExp(`PREFIX\\s+${prefix}:`, "i").test(query),
  );
  const lines = missing.map((prefix) => `PREFIX ${prefix}: <${prefixes[prefix]}>\n`);
  return lines.length ? `${lines.join("")}\n${query}` : query;
}

function questions(editor, { examples, prefixes, words }) {
  const list = element("select", { ariaLabel: words.choose }, [
    new Option(words.choose, ""),
    ...examples.map(({ slug, title }) => new Option(title, slug)),
  ]);
  list.addEventListener("change", () => {
    const example = examples.find(({ slug }) => slug === list.value);
    if (example) editor.getTab().setQuery(declared(example.query, prefixes));
    list.value = "";
  });
  return element("p", { className: "questions-to-load" }, [list]);
}

// YASGUI speaks English alone: whatever it writes, now or later, is said in the language of the page.
function translate(place, words) {
  const spoken = (text) =>
    words.interface[text] ??
    text
      .replace(TOOK, (_, number, seconds) => took(words, number, seconds))
      .replace(/^Shows (.+) view$/, (_, name) => words.interface[name] ?? name);
  const say = () => {
    for (const name of ["title", "aria-label"]) {
      for (const each of place.querySelectorAll(`[${name}]`)) {
        const [old, now] = [each.getAttribute(name), spoken(each.getAttribute(name))];
        if (now !== old) each.setAttribute(name, now);
      }
    }
    for (const each of place.querySelectorAll(".yasr_btn span, .yasr_response_chip, .booleanResult span, .context-menu-item")) {
      const now = spoken(each.textContent);
      if (now !== each.textContent) each.textContent = now;
    }
  };
  say();
  const seen = { subtree: true, childList: true, attributeFilter: ["title", "aria-label"] };
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => !target.closest?.(".CodeMirror"))) say();
  }).observe(place, seen);
}

const TOOK = /^(?:(\d+) results?|Response)\s+in\s+([\d.]+) seconds$/;

function took(words, number, seconds) {
  const message = number === undefined ? words.took : words.found;
  return message.replace("%(num)s", number).replace("%(seconds)s", seconds);
}

// Completion

function offerTerms(Yasqe, { prefixes, classes, properties }) {
  const own = Yasqe.Autocompleters;
  own.prefixes = {
    ...own.prefixes,
    get: Object.entries(prefixes).map(([prefix, namespace]) => `${prefix}: <${namespace}>`),
    persistenceId: "cekg-prefixes",
  };
  own.class = { ...own.class, ...completer(classes, prefixes) };
  own.property = { ...own.property, ...completer(properties, prefixes) };
}

// Finds a term by the beginning of its name, or by a word of its label.
function completer(terms, prefixes) {
  const all = Object.entries(terms).map(([iri, label]) => ({ name: short(iri, prefixes), label }));
  const labels = new Map(all.map(({ name, label }) => [name, label]));
  return {
    autoShow: true,
    bulk: false,
    get: (_, token) => {
      const typed = token.string.trim().toLowerCase();
      return all
        .filter(({ name, label }) => name.toLowerCase().startsWith(typed) || hasWord(label, typed))
        .map(({ name }) => name);
    },
    preProcessToken: (_, token) => token,
    postProcessSuggestion: (_, __, name) => name,
    postprocessHints: (_, hints) =>
      hints.map((hint) => ({ ...hint, displayText: [hint.text, labels.get(hint.text)].filter(Boolean).join("   ") })),
  };
}

function short(iri, prefixes) {
  for (const [prefix, namespace] of Object.entries(prefixes)) {
    const local = iri.startsWith(namespace) ? iri.slice(namespace.length) : "";
    if (/^[\w-]+$/.test(local)) return `${prefix}:${local}`;
  }
  return `<${iri}>`;
}

function hasWord(label, typed) {
  return typed !== "" && label.toLowerCase().split(/\s+/).some((word) => word.startsWith(typed));
}

// Results

function labelledTable({ prefixes, words }) {
  return class {
    label = words.table;
    priority = 10;
    #first = 0;

    constructor(yasr) {
      this.yasr = yasr;
    }

    canHandleResults() {
      return Boolean(this.yasr.results?.getVariables()?.length);
    }

    getIcon() {
      return undefined;
    }

    download(name) {
      return {
        contentType: "text/csv",
        filename: `${name ?? "result"}.csv`,
        getData: () => this.yasr.results?.asCsv() ?? "",
      };
    }

    async draw() {
      this.#first = 0;
      await this.#show();
    }

    async #show() {
      const { results, resultsEl } = this.yasr;
      const all = results.getBindings() ?? [];
      const rows = all.slice(this.#first, this.#first + AT_ONCE);
      const named = await labelsOf(rows);
      const columns = results.getVariables().map((name) => ({ name, className: isNumeric(all, name) ? "number" : "" }));
      const body = rows.map((row) =>
        element("tr", {}, columns.map(({ name, className }) => element("td", { className }, cell(row[name], named, prefixes)))),
      );
      const heads = columns.map(({ name, className }) =>
        element("th", { scope: "col", className }, [name.replaceAll("_", " ")]),
      );
      const table = element("table", { className: "result" }, [
        element("caption", {}, [all.length ? said(words.rows, this.#first + 1, this.#first + rows.length, all.length) : words.none]),
        element("thead", {}, [element("tr", {}, heads)]),
        element("tbody", {}, body),
      ]);
      resultsEl.replaceChildren(element("div", { className: "scroll", tabIndex: 0 }, [table]), ...this.#turning(all.length));
    }

    #turning(length) {
      const turn = (text, by, isThere) => {
        const button = element("button", { type: "button", disabled: !isThere }, [text]);
        button.addEventListener("click", () => {
          this.#first += by;
          this.#show();
        });
        return button;
      };
      if (length <= AT_ONCE) return [];
      return [
        element("p", { className: "turning" }, [
          turn(words.earlier, -AT_ONCE, this.#first > 0),
          turn(words.later, AT_ONCE, this.#first + AT_ONCE < length),
        ]),
      ];
    }
  };
}

// The labels of all the things in some rows, in one request.
async function labelsOf(rows) {
  const iris = new Set(rows.flatMap((row) => Object.values(row).filter(isThing).map(({ value }) => value)));
  if (!iris.size) return {};
  const body = new URLSearchParams([...iris].slice(0, 500).map((iri) => ["iri", iri]));
  return json(`/queries/labels.json?lang=${LANGUAGE}`, { method: "POST", body });
}

// Numbers stand in line, as on every other page.
function isNumeric(rows, name) {
  const terms = rows.map((row) => row[name]).filter(Boolean);
  return terms.length > 0 && terms.every(({ datatype = "" }) => NUMERIC.test(datatype));
}

const NUMERIC = /XMLSchema#(?:integer|decimal|double|float)$/;

function isThing(term) {
  return term?.type === "uri";
}

function cell(term, named, prefixes) {
  if (!term) return [];
  if (!isThing(term)) return [element("span", { lang: term["xml:lang"] ?? "", title: term.datatype ?? "" }, [term.value])];
  const known = named[term.value];
  const text = known?.label ?? short(term.value, prefixes);
  const href = known?.href || (/^https?:/.test(term.value) ? term.value : "");
  return [element(href ? "a" : "span", { ...(href && { href }), lang: known?.lang ?? "", title: term.value }, [text])];
}

function said(message, first, last, all) {
  return message.replace("%(first)s", first).replace("%(last)s", last).replace("%(all)s", all);
}

// Says what the server said: what is wrong, where, and what to do.
function fault(words) {
  return async ({ text }) => {
    try {
      const { title, detail } = JSON.parse(text);
      return element("div", { className: "fault", role: "alert" }, [
        element("h2", {}, [words[title] ?? title]),
        element("p", { lang: "en" }, [detail]),
      ]);
    } catch {
      return undefined; // not one of ours: YASGUI shows it as it is
    }
  };
}

// Parts

function element(name, properties, children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function json(address, options) {
  const response = await fetch(address, options);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

function script(name) {
  return new Promise((resolve, reject) => {
    const made = element("script", { src: new URL(name, PACKAGES), onload: resolve }, []);
    made.onerror = () => reject(new Error(`${name} did not come`));
    document.head.append(made);
  });
}

main();
