// The report of a plan: opening and shutting, filters, search, keys. Without it the report is whole, open and readable.
"use strict";
(() => {
  const tree = document.querySelector(".tree");
  const rows = [...document.querySelectorAll(".tree > li, .list > li")].map((element) => ({
    element,
    action: element.dataset.a,
    level: Number(element.dataset.l || 0),
    parent: -1,
    last: -1,
    text: "",
    isOpen: true,
  }));

  // Who stands below whom: rows come in order, so the row above is the last one of a lower level.
  const open = [];
  rows.forEach((row, index) => {
    const name = row.element.querySelector(".name");
    const own = (name || row.element).textContent;
    open.length = row.level === 0 ? 0 : Math.min(open.length, row.level - 1);
    row.parent = row.level > 1 ? open[open.length - 1] ?? -1 : -1;
    // As roomtree writes paths elsewhere; what stands beside the tree is a path already.
    row.path = row.level > 0 ? `${rows[row.parent]?.path ?? ""}/${own.replaceAll("~", "~0").replaceAll("/", "~1")}` : own;
    const said = [".note", ".id"].map((part) => row.element.querySelector(part)?.textContent ?? "").join(" ");
    row.text = plain(`${row.path} ${own} ${said}`);
    row.own = plain(`${own} ${said}`);
    row.last = index;
    if (row.level > 0) open.push(index);
  });
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const { parent, last } = rows[index];
    if (parent >= 0) rows[parent].last = Math.max(rows[parent].last, last);
  }
  const isParent = (index) => rows[index].last > index;
  const below = (index, visit) => {
    for (let at = index + 1; at <= rows[index].last; at += 1) visit(rows[at], at);
  };

  function plain(text) {
    return text.normalize("NFKC").toLowerCase();
  }

  // What is shown: what fits filter and search, and what leads there.
  const search = document.querySelector("input[type=search]");
  const filters = [...document.querySelectorAll("[data-filter]")];
  const status = document.querySelector("output");

  function update() {
    const wanted = new Set(filters.filter((button) => button.getAttribute("aria-pressed") === "true").map((button) => button.dataset.filter));
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const isWanted = !row.action || wanted.has(row.action);
      row.fits = isWanted && words.every((word) => row.text.includes(word)) && (words.length === 0 || words.some((word) => row.own.includes(word) || word.includes("/")));
      row.leads = row.fits;
      if (row.fits && row.action) shown += 1;
    }
    for (let index = rows.length - 1; index >= 0; index -= 1) {
      const { parent, leads } = rows[index];
      if (leads && parent >= 0) rows[parent].leads = true;
    }
    for (const row of rows) {
      const { classList } = row.element;
      classList.toggle("out", !row.leads);
      classList.toggle("dim", row.leads && !row.fits);
      if (words.length > 0 && row.leads && !row.fits) row.isOpen = true;
    }
    for (const section of document.querySelectorAll("[data-section]")) {
      section.classList.toggle("out", !section.querySelector("li:not(.out)"));
    }
    fold();
    highlight(words);
    status.textContent = status.dataset.template.replace("{shown}", shown.toLocaleString("en")).replace("{all}", rows.filter((row) => row.action).length.toLocaleString("en"));
  }

  function fold() {
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index];
      const parent = rows[row.parent];
      row.isShut = Boolean(parent && (parent.isShut || !parent.isOpen));
      row.element.classList.toggle("shut", row.isShut);
      if (isParent(index)) row.element.setAttribute("aria-expanded", String(row.isOpen));
    }
  }

  function highlight(words) {
    if (!globalThis.CSS?.highlights || !globalThis.Highlight) return;
    const ranges = [];
    for (const row of words.length ? rows : []) {
      const node = row.fits && row.element.querySelector(".name")?.firstChild;
      const text = node ? node.data.toLowerCase() : "";
      // Letters whose lower case is longer: what was found stands elsewhere in the name.
      if (!node || text.length !== node.length) continue;
      for (const word of words) {
        const at = text.indexOf(word);
        if (at < 0 || ranges.length > 2000) continue;
        const range = new Range();
        range.setStart(node, at);
        range.setEnd(node, Math.min(at + word.length, node.length));
        ranges.push(range);
      }
    }
    CSS.highlights.set("found", new Highlight(...ranges));
  }

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, rows.length > 3000 ? 150 : 0);
  });
  for (const button of filters) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      update();
    });
  }
  for (const button of document.querySelectorAll("[data-all]")) {
    button.addEventListener("click", () => {
      rows.forEach((row) => (row.isOpen = button.dataset.all === "open"));
      fold();
    });
  }

  // The tree by keys, as the ARIA pattern "tree view" has them. One row at a time can be reached by Tab.
  let current = -1;
  function select(index) {
    if (index < 0) return;
    if (current >= 0) rows[current].element.tabIndex = -1;
    current = index;
    rows[index].element.tabIndex = 0;
    rows[index].element.focus();
  }
  const isSeen = (row) => row.level > 0 && !row.isShut && row.leads;
  const next = (index, step) => {
    for (let at = index + step; at >= 0 && at < rows.length; at += step) if (isSeen(rows[at])) return at;
    return -1;
  };
  const setOpen = (index, isOpen) => {
    rows[index].isOpen = isOpen;
    fold();
  };
  const keys = {
    ArrowDown: (index) => select(next(index, 1)),
    ArrowUp: (index) => select(next(index, -1)),
    Home: () => select(next(-1, 1)),
    End: () => select(next(rows.length, -1)),
    ArrowRight: (index) => {
      if (!isParent(index)) return;
      if (rows[index].isOpen) select(next(index, 1));
      else setOpen(index, true);
    },
    ArrowLeft: (index) => {
      if (isParent(index) && rows[index].isOpen) setOpen(index, false);
      else select(rows[index].parent);
    },
    Enter: (index) => isParent(index) && setOpen(index, !rows[index].isOpen),
    " ": (index) => isParent(index) && setOpen(index, !rows[index].isOpen),
    "*": (index) => {
      rows.forEach((row) => row.level > 0 && row.parent === rows[index].parent && (row.isOpen = true));
      fold();
    },
  };
  if (tree) {
    tree.setAttribute("role", "tree");
    tree.setAttribute("aria-label", tree.dataset.label);
    rows.forEach((row, index) => {
      if (row.level === 0) return;
      row.element.setAttribute("role", "treeitem");
      row.element.setAttribute("aria-level", String(row.level));
      row.element.tabIndex = -1;
      row.element.index = index;
      if (isParent(index)) {
        const twist = document.createElement("span");
        twist.className = "twist";
        row.element.prepend(twist);
      }
    });
    tree.addEventListener("keydown", (event) => {
      const act = keys[event.key];
      const index = event.target.index;
      if (!act || index === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act(index);
    });
    tree.addEventListener("click", (event) => {
      const row = event.target.closest("li");
      if (!row || String(getSelection())) return;
      select(row.index);
      if (isParent(row.index)) setOpen(row.index, !rows[row.index].isOpen);
    });
  }
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target === search;
    if (event.key === "/" && !isTyping) {
      event.preventDefault();
      search.select();
      search.focus();
    } else if (event.key === "Escape" && isTyping) {
      search.value = "";
      update();
    }
  });

  // A conflict's link leads to its row, wherever that is folded.
  function follow() {
    const row = rows.find(({ element }) => element.id && `#${element.id}` === location.hash);
    if (!row) return;
    for (let at = row.parent; at >= 0; at = rows[at].parent) rows[at].isOpen = true;
    update();
    row.element.scrollIntoView({ block: "center" });
    select(row.element.index);
  }
  addEventListener("hashchange", follow);
  document.documentElement.classList.add("live");
  update();
  const first = next(-1, 1);
  if (first >= 0) rows[(current = first)].element.tabIndex = 0;
  follow();
})();
