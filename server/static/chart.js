// Draws the charts of a page from their specifications; whoever has no scripts reads the tables beside them.
//
// Vega comes from this server, and only when a chart comes near the reader's eye. Its interpreter evaluates the
// expressions of a specification without eval, which the page's policy forbids.

const PACKAGES = new URL("packages/", import.meta.url);
const PUBLISHED = "https://w3id.org/cekg/";
const NEAR = "400px";

const dark = matchMedia("(prefers-color-scheme: dark)");
const drawn = new Map();
let loading;

function main() {
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        draw(target);
      }
    },
    { rootMargin: NEAR },
  );
  for (const figure of document.querySelectorAll("figure.chart[data-spec]")) {
    keepRoom(figure);
    near.observe(figure);
  }
  dark.addEventListener("change", () => [...drawn.keys()].forEach(draw));
}

async function draw(figure) {
  const [{ vega, vegaLite, expressionInterpreter }, spec] = await Promise.all([load(), specification(figure)]);
  drawn.get(figure)?.finalize();
  const { title, ...untitled } = spec; // the page says it in its own letters
  const looks = dark.matches ? { ...untitled, config: spec.usermeta.dark } : untitled;
  const view = new vega.View(vega.parse(vegaLite.compile(looks).spec, null, { ast: true }), {
    container: figure.querySelector(".drawing"),
    expr: expressionInterpreter,
    hover: true,
    loader: loader(vega),
    renderer: "svg",
  });
  drawn.set(figure, view);
  await view.runAsync();
  for (const mute of figure.querySelectorAll("[role=graphics-symbol]:not([aria-label])")) {
    mute.setAttribute("aria-hidden", "true"); // a line of help, or a layer in which there is nothing
  }
}

async function load() {
  loading ??= (async () => {
    await script("vega.js");
    await script("vega-lite.js"); // looks for the one before
    const { expressionInterpreter } = await import(new URL("vega-interpreter.js", PACKAGES));
    return { vega: globalThis.vega, vegaLite: globalThis.vegaLite, expressionInterpreter };
  })();
  return loading;
}

function script(name) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = new URL(name, PACKAGES);
    element.onload = resolve;
    element.onerror = () => reject(new Error(`${name} did not come`));
    document.head.append(element);
  });
}

async function specification(figure) {
  figure.specification ??= (await fetch(figure.dataset.spec)).json();
  return figure.specification;
}

function keepRoom(figure) {
  const room = document.createElement("div");
  room.className = "drawing";
  room.style.minHeight = `${figure.dataset.height}px`;
  figure.querySelector("figcaption").after(room);
}

// A bar leads to its observation where it is published; here that is on this server.
function loader(vega) {
  const own = vega.loader();
  const sanitize = own.sanitize.bind(own);
  own.sanitize = (address, options) => sanitize(address.replace(PUBLISHED, "/"), options);
  return own;
}

main();
