// The desk by keyboard: lines, picks, decisions, and the place in the document that a field was read from.
// HTMX does the requests; nothing here knows a rule of the business.
"use strict";

(() => {
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const one = (selector, within = document) => within.querySelector(selector);
  const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

  // --- Fields: saved when left, if they were changed; nothing typed is lost when the order is written anew.

  const changed = (field) => field.value !== field.defaultValue && !field.readOnly;
  const save = (field) => { if (changed(field)) field.dispatchEvent(new CustomEvent("save", { bubbles: true })); };
  let sending = null; // the field whose request is under way
  let memory = null;  // where one was, and what was typed meanwhile
  let unsaved = [];   // of these, what nobody is typing into any more
  let accepting = null; // what the page asked when Accept was pressed before the typing was saved
  let answered = 0;   // the status of the last answer that wrote the order anew

  document.addEventListener("focusout", (event) => { if (event.target.matches("[data-field]")) save(event.target); });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const field = event.detail.elt;
    if (field.matches && field.matches("[data-field]")) sending = { id: field.id, value: field.value };
    if (field.matches && field.matches("#order button, #order form")) one("#notice").replaceChildren();
    const refused = one("#order .field.wrong input");
    if (field.id === "accept" && refused) {
      event.preventDefault();
      refused.focus();
      tell("A value you typed was not taken, so what is shown is not what would be accepted. Correct it, or press Esc in it to take it back.");
    }
  });

  // Where one is: an id, or the how-manieth thing one can stand on inside a stop.
  const standing = "a, button, input, summary";
  const whereabouts = (element) => {
    if (!element || !element.closest("#order")) return null;
    if (element.id) return { id: element.id };
    const stop = element.closest("[data-stop]");
    return stop && !element.matches(".out") ? { stop: stops().indexOf(stop), at: all(standing, stop).indexOf(element) } : null;
  };
  const found = (place) => {
    if (!place) return null;
    if (place.id) return document.getElementById(place.id);
    const stop = stops()[place.stop];
    return stop && (all(standing, stop)[place.at] || stop);
  };
  const scrolling = () => {
    const room = one("#order .scroll");
    return room.scrollHeight > room.clientHeight + 1 ? room : document.scrollingElement;
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!event.detail.target || event.detail.target.id !== "order" || !event.detail.shouldSwap) return;
    answered = event.detail.xhr.status;
    const focused = document.activeElement, stop = current(), room = scrolling();
    const added = event.detail.requestConfig.elt.matches("form.add") && event.detail.xhr.status === 200;
    const typed = all("#order input:not([type=hidden]):not([type=checkbox])")
      .filter((field) => field.id && field.value !== field.defaultValue)
      .filter((field) => !(sending && field.id === sending.id && field.value === sending.value))
      .filter((field) => !(added && field.closest("form.add")) && !(afterPick && field.matches("[data-find]")))
      .map((field) => ({ id: field.id, value: field.value, focused: field === focused }));
    memory = {
      typed,
      place: added ? { id: "add-code" } : whereabouts(focused),
      selected: focused.matches("#order input:not([type=checkbox])") ? [focused.selectionStart, focused.selectionEnd] : null,
      scroll: room.scrollTop,
      stop: stops().indexOf(stop),
      top: stop ? stop.getBoundingClientRect().top : null,
      open: stops().map((other) => all("details", other).map((details) => details.open)),
      remember: stops().map((other) => Boolean(one("[data-remember]:checked", other))),
    };
  });

  const reopen = (was) => {
    const list = stops();
    if (list.length !== was.open.length) return;
    list.forEach((stop, index) => {
      if (afterPick && index === was.stop) return;
      all("details", stop).forEach((details, at) => { if (was.open[index][at]) details.open = true; });
      const box = one("[data-remember]", stop);
      if (box) box.checked = was.remember[index];
    });
  };
  const retype = (was) => {
    const waiting = [];
    for (const kept of was.typed) {
      const field = document.getElementById(kept.id);
      if (!field) continue;
      field.value = kept.value;
      if (field.id === "reject-reason") one("#reject").hidden = false;
      if (field.matches("[data-find]")) again.push(field);
      if (!field.matches("[data-field]")) continue;
      field.parentElement.classList.add("unsaved");
      if (!kept.focused) waiting.push(field);
    }
    return waiting;
  };
  let again = []; // searches whose hits went with the old page

  document.addEventListener("htmx:afterSwap", (event) => {
    if (!event.detail.target || event.detail.target.id !== "order" || !one("#order") || !memory) return;
    const was = memory, alert = one("#order [data-alert]"), room = scrolling();
    const question = one("#order [data-asks] button"), refused = one("#reject-reason[aria-invalid]");
    memory = null;
    reopen(was);
    const waiting = retype(was);
    room.scrollTop = alert ? 0 : was.scroll;
    const stop = stops()[was.stop];
    if (question || refused) (question || refused).focus({ preventScroll: Boolean(question) });
    else if (afterPick && stop) go(nextOpen(stop));
    else {
      const target = found(was.place) || stop;
      if (target) target.focus({ preventScroll: true });
      if (target && was.selected && target.matches("input:not([type=checkbox])")) target.setSelectionRange(...was.selected);
      if (stop && was.top !== null && !alert) room.scrollTop += stop.getBoundingClientRect().top - was.top;
    }
    afterPick = false;
    sending = null;
    unsaved = waiting;
  });

  // Only now does HTMX listen to the new fields. One at a time: the answer to each brings the next version.
  document.addEventListener("htmx:afterSettle", () => {
    const [field] = unsaved;
    unsaved = [];
    if (field && field.isConnected) save(field);
    else goOnAccepting();
    for (const search of again.splice(0)) if (search.isConnected) htmx.trigger(search, "search");
  });

  document.addEventListener("htmx:sendError", () => {
    sending = accepting = null;
    tell("The server does not answer. What you typed is still here; try again in a moment.");
  });

  // An answer that did not write the order anew (the server failed) is told elsewhere; the typing stays.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.matches("#order [data-field]")) sending = accepting = null;
  });

  // --- Accept right after typing: what was typed is saved first, then it is accepted if nothing new is asked.

  const typedFields = () => all("#order [data-field]").filter(changed);
  const asked = () => all("#order .told.block, #order .told.review").map((line) => line.textContent);
  const acceptAfterSaving = () => {
    accepting = asked();
    if (!sending) save(typedFields()[0]);
  };
  const goOnAccepting = () => {
    if (!accepting || sending) return;
    const [left] = typedFields(), accept = one("#accept"), known = accepting;
    if (left && answered === 200) { save(left); return; }
    accepting = null;
    if (one("#order .field.wrong")) tell("Not accepted: a value you typed was not taken. Correct it, or press Esc in it to take it back.");
    else if (answered !== 200 || !accept) return;
    else if (accept.disabled) tell(`Saved, but not accepted. ${one("#why-not").textContent}`);
    else if (asked().some((line) => !known.includes(line))) tell("Saved, but not accepted: something new was noticed. Look at what is marked, then accept again.");
    else accept.click();
  };

  // Pressing Accept leaves no field, so nothing is written anew between pressing and letting go.
  document.addEventListener("mousedown", (event) => { if (event.target.closest("#accept") && typedFields().length) event.preventDefault(); });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("#order button[hx-post]");
    if (button && button.id === "accept" && all(".add input").some((input) => input.value.trim())) {
      event.preventDefault();
      event.stopImmediatePropagation();
      tell("Not accepted: a new line was typed and not added. Press 'Add a line', or clear it.");
      return;
    }
    if (!button || !(sending || (button.id === "accept" && typedFields().length))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (button.id === "accept") acceptAfterSaving();
    else tell("What you typed is being saved first. Look at what came of it, then press again.");
  }, true);

  // Esc brings back what is kept; of a value that was refused the page holds it beside the typing.
  const takeBack = (field) => {
    if (field.dataset.kept !== undefined) {
      field.defaultValue = field.dataset.kept;
      field.parentElement.classList.remove("wrong");
      field.removeAttribute("aria-invalid");
      const problem = document.getElementById(`${field.id}-problem`);
      if (problem) problem.remove();
    }
    field.value = field.defaultValue;
    field.parentElement.classList.remove("unsaved");
  };

  const tell = (message) => {
    const line = document.createElement("p");
    line.className = "told block";
    line.textContent = message;
    one("#notice").replaceChildren(line);
  };

  document.addEventListener("submit", (event) => { if (event.target.matches("[data-quiet]")) event.preventDefault(); });
  window.addEventListener("beforeunload", (event) => { if (all("#order [data-field]").some(changed)) event.preventDefault(); });

  // --- The document: what a field was read from is lit while one is in it; a click on a place leads to its field.

  const light = (names) => {
    for (const lit of all(".lit")) lit.classList.remove("lit");
    let first = null;
    for (const name of names) {
      for (const place of all(`[data-fields~="${CSS.escape(name)}"]`)) {
        place.classList.add("lit");
        first = first || place;
      }
    }
    const room = one(".sheet-room");
    if (!first || !room) return;
    const box = first.getBoundingClientRect(), view = room.getBoundingClientRect();
    if (box.top < view.top + 20 || box.bottom > view.bottom - 20) room.scrollBy({ top: box.top - view.top - view.height / 3 });
  };

  document.addEventListener("focusin", (event) => {
    const element = event.target;
    if (element.matches("[data-field]")) light([element.id]);
    else if (element.matches("[data-stop]")) light(all("[data-field]", element).map((field) => field.id));
    const stop = element.closest("[data-stop]");
    for (const other of all("[data-stop].current")) if (other !== stop) other.classList.remove("current");
    if (stop) stop.classList.add("current");
  });

  document.addEventListener("click", (event) => {
    const place = event.target.closest("[data-fields]");
    if (place) {
      const field = place.dataset.fields.split(" ").map((name) => document.getElementById(name)).find(Boolean);
      if (field) field.focus();
      return;
    }
    const row = event.target.closest("tr[data-row]");
    if (row && !event.target.closest("a, button") && !String(getSelection())) one("a", row).click();
  });

  // --- Stops: customer, ship-to and lines on the review page, rows in a list.

  const stops = () => all("[data-stop], tr[data-row]");
  const current = () => one("[data-stop].current, tr[data-row].current");
  let afterPick = false;

  const go = (stop) => {
    if (!stop) return;
    for (const other of all(".current[data-row]")) other.classList.remove("current");
    stop.classList.add("current");
    if (stop.matches("tr")) one("a", stop).focus({ preventScroll: true });
    else stop.focus({ preventScroll: true });
    stop.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const list = stops();
    const at = list.indexOf(current());
    go(list[Math.min(list.length - 1, Math.max(0, at < 0 ? 0 : at + by))]);
  };
  const nextOpen = (stop) => {
    const list = stops();
    if (stop.classList.contains("open")) return stop;
    return list.slice(list.indexOf(stop) + 1).find((other) => other.classList.contains("open")) || stop;
  };

  const pick = (number) => {
    const stop = current();
    const choice = stop && all("[data-pick]", stop)[number - 1];
    if (!choice) return;
    afterPick = true;
    stop.focus({ preventScroll: true });
    choice.click();
  };

  const reject = () => {
    const form = one("#reject");
    if (!form) return;
    form.hidden = false;
    one("#reject-reason").focus();
  };

  const remember = () => {
    const box = current() && one("[data-remember]", current());
    if (box) { box.closest("details").open = true; box.checked = !box.checked; }
  };

  // --- Finding: Enter takes the only hit, or the one with exactly this code; arrows move among what can be taken.

  const hitsOf = (search) => one(".hits", search.parentElement);
  const take = (search, asked) => {
    const typed = search.value.trim(), list = hitsOf(search);
    if (!typed) return;
    if (!list || list.dataset.for !== typed) {
      if (!asked) { search.dataset.take = "yes"; htmx.trigger(search, "search"); }
      return;
    }
    const hits = all("[data-hit]", list);
    const hit = hits.length === 1 ? hits[0] : hits.find((other) => other.dataset.hit.toLowerCase() === typed.toLowerCase());
    if (hit) hit.click();
    else if (hits.length) hits[0].focus();
  };
  document.addEventListener("htmx:afterSettle", (event) => { // a hit does nothing before it is settled
    const room = event.detail.target;
    const search = room && room.matches(".found") && one("[data-find]", room.parentElement);
    if (!search || !search.dataset.take) return;
    delete search.dataset.take;
    take(search, true);
  });

  const among = (element, by) => {
    const list = all("[data-pick], [data-find], [data-hit]", element.closest("[data-stop]"));
    const next = list[list.indexOf(element) + by];
    if (next) next.focus();
  };
  const arrows = { ArrowDown: 1, ArrowUp: -1 };

  const find = () => {
    const details = current() && one("details.pick", current());
    if (!details) return;
    details.open = true;
    (one("[data-find]", details) || one("[data-pick]", details)).focus();
  };

  const places = { q: "/queue", n: "/queue/next", d: "/", o: "/orders", u: "/upload" };
  let going = 0;

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const element = event.target;
    if (arrows[event.key] && element.matches("[data-pick], [data-find], [data-hit]")) {
      event.preventDefault();
      among(element, arrows[event.key]);
      return;
    }
    if (event.key === "Enter" && element.matches("[data-find]")) {
      event.preventDefault();
      take(element, false);
      return;
    }
    if (typing(element)) {
      if (event.key === "Escape") {
        if (element.matches("[data-field]")) takeBack(element);
        if (element.id === "reject-reason") one("#reject").hidden = true;
        const stop = element.closest("[data-stop]");
        if (stop) go(stop); else element.blur();
      } else if (event.key === "Enter" && element.matches("[data-field]")) {
        event.preventDefault();
        if (changed(element)) save(element); else if (element.closest("[data-stop]")) go(element.closest("[data-stop]"));
      }
      if (!element.matches("[type=checkbox], [type=radio]")) return;
    }
    if (one("dialog[open]")) return;
    if (Date.now() - going < 1500 && places[event.key]) { location.assign(places[event.key]); return; }
    going = 0;
    const keys = {
      j: () => step(1),
      k: () => step(-1),
      g: () => { going = Date.now(); },
      c: () => { const check = one("#check"); if (check) check.click(); },
      a: () => { const accept = one("#accept"); if (accept && (sending || typedFields().length)) acceptAfterSaving(); else if (accept && accept.disabled) { one("#why-not").classList.add("shake"); const block = one("#order .open"); if (block) go(block); } else if (accept) accept.click(); },
      r: reject,
      f: find,
      m: remember,
      "?": () => one("#help").showModal(),
      "/": () => { const search = one("[data-search]"); if (search) search.focus(); },
      Enter: () => {
        const stop = current();
        if (stop && stop === element && one("[data-field]", stop)) { const field = one("[data-field]", stop); field.focus(); field.select(); return true; }
        return false;
      },
    };
    if (/^[1-8]$/.test(event.key)) pick(Number(event.key));
    else if (keys[event.key]) { if (keys[event.key]() === false) return; } else return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("#reject-open")) reject();
    if (event.target.closest("[data-no]")) event.target.closest("[data-asks]").remove();
    if (event.target.closest("[data-pick], [data-hit]")) afterPick = true;
  });

  const start = () => {
    const first = one("#order .stop.open");
    if (first) go(first);
  };

  // --- A task is given back when its page is left; the time of the claim says which one is meant.

  const giveBack = () => {
    const place = one("#claim"), held = place && one("[data-until]", place);
    if (!held) return;
    const body = new URLSearchParams({ until: held.dataset.until });
    held.removeAttribute("data-until");
    fetch(place.dataset.release, { method: "POST", body, keepalive: true, headers: { "X-CSRF-Token": document.body.dataset.csrf } }).catch(() => {});
  };
  window.addEventListener("pagehide", giveBack);
  document.addEventListener("submit", (event) => { if (event.target.matches("[action='/logout']")) giveBack(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted && one("#claim")) htmx.trigger("#claim", "again"); });

  // --- Upload: each file on its own, told one by one.

  const word = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const upload = async (form, files) => {
    for (const file of files) {
      const row = document.createElement("tr");
      const [name, became] = [0, 1].map(() => row.appendChild(document.createElement("td")));
      name.textContent = file.name;
      became.textContent = "on its way…";
      one("#told").hidden = false;
      one("#taken").prepend(row);
      if (file.size > Number(form.dataset.limit)) { became.textContent = "It is too large and was not sent."; continue; }
      const body = new FormData();
      body.append("file", file);
      body.append("partner", form.elements.partner.value);
      try {
        const answer = await fetch("/api/v1/documents", { method: "POST", body, headers: { "X-CSRF-Token": document.body.dataset.csrf, "Idempotency-Key": word() } });
        const told = await answer.json();
        became.textContent = told.error || [told.outcome, told.reason].filter(Boolean).join(": ");
        if (told.document_id) follow(row, became, told.document_id);
      } catch {
        became.textContent = "The server did not answer; send it again.";
      }
    }
  };

  // The server writes the cell until the file is read; it stops asking by itself.
  const follow = (row, cell, key) => {
    cell.setAttribute("hx-get", `/upload/${encodeURIComponent(key)}`);
    cell.setAttribute("hx-trigger", "load, every 2s");
    cell.setAttribute("hx-swap", "outerHTML");
    htmx.process(row);
  };

  const form = one("#upload");
  if (form) {
    form.addEventListener("dragover", (event) => { event.preventDefault(); form.classList.add("over"); });
    form.addEventListener("dragleave", () => form.classList.remove("over"));
    form.addEventListener("drop", (event) => { event.preventDefault(); form.classList.remove("over"); upload(form, event.dataTransfer.files); });
    form.addEventListener("submit", (event) => { event.preventDefault(); upload(form, form.elements.files.files).then(() => form.reset()); });
  }

  start();
})();
