// A button beside each citation that copies it. Without script the text stands there to be selected.
const words = document.documentElement.lang.startsWith("zh")
  ? { copy: "复制", copied: "已复制" }
  : { copy: "Copy", copied: "Copied" };

for (const block of navigator.clipboard ? document.querySelectorAll(".copy pre") : []) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copier";
  button.textContent = words.copy;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(block.textContent);
    button.textContent = words.copied;
    setTimeout(() => { button.textContent = words.copy; }, 2000);
  });
  block.before(button);
}
