// A sentence, a quotation or a finding lights up on both sides while it is pointed at, focused or linked to.
// Without this script every link still leads to its place.
(() => {
  const lit = [];
  let now = "";
  const light = (names) => {
    const key = names.join();
    if (key === now) return;
    now = key;
    while (lit.length) lit.pop().classList.remove("lit");
    for (const each of key ? document.querySelectorAll(key) : []) {
      each.classList.add("lit");
      lit.push(each);
    }
  };
  const name = (kind, id) => `[data-${kind}="${CSS.escape(id)}"]`;
  const linked = () => {
    const id = decodeURIComponent(location.hash.slice(1));
    return id ? [name("s", id), name("q", id)] : [];
  };
  const point = (event) => {
    const at = event.target.closest("[data-q], [data-s]");
    if (!at) return light(linked());
    light([at.dataset.q ? name("q", at.dataset.q) : name("s", at.dataset.s)]);
  };
  document.addEventListener("mouseover", point);
  document.addEventListener("focusin", point);
  addEventListener("hashchange", () => light(linked()));
  light(linked());
})();
