// The card with a script: taps are kept on the phone first and sent when there is a network; without one, the page that
// the worker keeps shows every stop. Without this script the same forms post to the server.
import * as outbox from "card-outbox";

const ROOT = document.querySelector("#card, #stop, #outbox");
const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
const STATES = { there: "There", delivered: "Delivered", missed: "Missed" };
const now = () => new Date().toISOString();
const isOver = () => Date.parse(ROOT.dataset.expiresAt) <= Date.now();
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value
  ?? document.querySelector("template#forms-begin")?.content.querySelector("[name=csrfmiddlewaretoken]")?.value;

async function forget() {
  await caches.delete("reassure-card");
  await outbox.wipe();
}

// --- keeping the page --------------------------------------------------------------------------------------------

async function keepPage() {
  await navigator.serviceWorker.register("/card/sw.js", { scope: "/card/" });
  if (ROOT.id !== "card") return;
  const answer = await fetch("/card/", { redirect: "error" });
  if (!answer.ok || !answer.headers.has("X-Card-Expires")) return;
  const store = await caches.open("reassure-card");
  await store.put("/card/", answer);
  const links = [...document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], link[rel=icon]")];
  const scripts = [...document.querySelectorAll("script[src]")];
  const { imports } = JSON.parse(document.querySelector("script[type=importmap]").textContent);
  const files = [...links.map((link) => link.href), ...scripts.map((script) => script.src), imports["govuk-frontend"]];
  await store.addAll([...new Set(files)]);
}

// --- a stop ------------------------------------------------------------------------------------------------------

function stopFromPage() {
  return { visit_ref: ROOT.dataset.stop, place_ref: ROOT.dataset.place, view: ROOT };
}

// The worker answers /card/<stop>/ with the page of the whole card: show that stop from what the page holds.
function stopFromTemplate(ref) {
  const held = ROOT.querySelector(`template[data-stop="${CSS.escape(ref)}"]`);
  if (!held) return null;
  const view = document.createElement("div");
  view.append(held.content.cloneNode(true));
  view.insertAdjacentHTML("beforeend", '<p class="govuk-body"><span data-state></span> <span data-told></span></p>' +
    '<div data-steps></div><p class="govuk-body"><a class="govuk-link" href="/card/">My card</a></p>');
  Object.assign(view.dataset, { ...held.dataset });
  const templates = ROOT.querySelectorAll("template");
  ROOT.replaceChildren(view, ...templates);
  return { visit_ref: ref, place_ref: held.dataset.place, view };
}

function showState(view, state, words) {
  const tag = view.querySelector("[data-state]");
  tag.textContent = STATES[state] ?? tag.textContent;
  tag.className = `state state--${state}`;
  view.querySelector("[data-told]").textContent = words;
}

function showForms(view, id) {
  const steps = view.querySelector("[data-steps]");
  steps.replaceChildren();
  if (id) steps.append(document.getElementById(id).content.cloneNode(true));
}

async function showStop(stop) {
  const mine = (await outbox.records()).filter((record) => record.visit_ref === stop.visit_ref);
  const record = mine.at(-1) ?? fromServer(stop);
  const data = stop.view.dataset;
  if (!record) {
    const isOpen = ["due", "late"].includes(data.state);
    if (!stop.view.querySelector("form")) showForms(stop.view, isOpen ? "forms-begin" : "");
    return;
  }
  const at = CLOCK.format(new Date(record.started_at));
  if (!record.ended_at) {
    showState(stop.view, "there", `Since ${at}`);
    showForms(stop.view, "forms-end");
  } else {
    showState(stop.view, record.miss_reason ? "missed" : "delivered", `Kept on this phone at ${at}, waiting to be sent`);
    showForms(stop.view, "");
  }
}

function fromServer(stop) {
  const data = stop.view.dataset;
  if (data.state !== "there" || !data.record) return null;
  return { ...blank(stop), client_id: data.record, started_at: new Date(data.started).toISOString(), is_sent: true };
}

function blank(stop) {
  return {
    client_id: crypto.randomUUID(), area_code: ROOT.dataset.area, on: ROOT.dataset.on, unit_ref: ROOT.dataset.unit,
    visit_ref: stop.visit_ref, place_ref: stop.place_ref, started_at: now(), ended_at: null, outcome: "",
  };
}

async function tap(stop, form) {
  const told = new FormData(form);
  const step = form.dataset.step;
  if (step === "start") await outbox.put(blank(stop));
  if (step === "skip") {
    if (!told.get("miss_reason")) return missing(form, "Choose why the place was not reached.");
    const record = blank(stop);
    await outbox.put({ ...record, ended_at: record.started_at, outcome: "not_reached", miss_reason: told.get("miss_reason") });
  }
  if (step === "end") {
    if (!told.get("outcome")) return missing(form, "Choose what happened.");
    const kept = (await outbox.records()).filter((record) => record.visit_ref === stop.visit_ref && !record.ended_at);
    await outbox.put({
      ...(kept.at(-1) ?? fromServer(stop)), ended_at: now(), outcome: told.get("outcome"), spoke_to: told.get("spoke_to"),
      reach: told.get("reach"), topics: told.getAll("topics"), leaflets: told.getAll("leaflets"), is_sent: false,
    });
  }
  await showStop(stop);
  await sendAll();
  if (step !== "start") location.assign("/card/");
}

function missing(form, words) {
  const says = form.querySelector("[data-missing]") ?? document.createElement("p");
  Object.assign(says, { className: "govuk-error-message", textContent: words, tabIndex: -1 });
  says.dataset.missing = "";
  form.prepend(says);
  says.focus();
}

function listen(stop) {
  stop.view.addEventListener("submit", (event) => {
    if (!event.target.dataset.step) return;
    event.preventDefault();
    tap(stop, event.target);
  });
}

// --- the list and the outbox --------------------------------------------------------------------------------------

const taken = new Map(); // by stop: the record that the server took since it made this page

// Each stop as this phone knows it: by its own record that was not refused, else as the page says.
async function showList() {
  const kept = (await outbox.records()).filter((record) => !record.refused);
  const told = new Map([...taken, ...kept.map((record) => [record.visit_ref, record])]);
  const tags = [...ROOT.querySelectorAll("li [data-state]")];
  for (const tag of tags) {
    const record = told.get(tag.closest("li").dataset.stop);
    const state = record ? stateOf(record) : tag.dataset.state;
    Object.assign(tag, { className: `state state--${state}`, textContent: record ? STATES[state] : tag.dataset.words });
  }
  const done = ROOT.querySelector("[data-done]");
  if (done) done.textContent = tags.filter((tag) => !tag.matches(".state--due, .state--late, .state--there")).length;
  showNext();
}

function stateOf(record) {
  if (!record.ended_at) return "there";
  return record.miss_reason ? "missed" : "delivered";
}

// The button leads to the stop under way, else to the first that is open, as this phone knows it.
function showNext() {
  const button = ROOT.querySelector("a.card-button");
  const item = ["there", "late, due"].map((kinds) => [...ROOT.querySelectorAll("li[data-stop]")].find((one) =>
    kinds.split(", ").some((kind) => one.querySelector(`.state--${kind}`)))).find(Boolean);
  if (!button) return;
  button.hidden = !item;
  if (!item) return;
  const link = item.querySelector("a");
  const words = item.querySelector(".state--there") ? "Go on at" : "Next:";
  Object.assign(button, { href: link.href, textContent: `${words} ${link.textContent.trim()}` });
}

async function showCount() {
  const count = document.querySelector("[data-count]");
  if (count) count.textContent = (await outbox.waiting()).length;
}

async function showOutbox() {
  const box = document.querySelector("[data-outbox]") ?? ROOT.appendChild(document.createElement("div"));
  box.dataset.outbox = "";
  const list = await outbox.waiting();
  const line = (text) => Object.assign(document.createElement("p"), { className: "govuk-body", textContent: text });
  if (!list.length) return box.replaceChildren(line("All check-ins sent: this phone keeps none."));
  const oldest = CLOCK.format(new Date(list.map((record) => record.started_at).sort()[0]));
  const button = Object.assign(document.createElement("button"), { className: "govuk-button", textContent: "Send now" });
  button.addEventListener("click", async () => { await sendAll(); await showOutbox(); });
  const refused = list.filter((record) => record.refused).map((record) => line(`Refused: ${record.refused.join(" ")}`));
  const text = Object.assign(document.createElement("pre"), { textContent: JSON.stringify(list, null, 1) });
  const details = document.createElement("details");
  details.append(Object.assign(document.createElement("summary"), { textContent: "Show as text" }), text);
  box.replaceChildren(line(`${list.length} not sent, the oldest of ${oldest}.`), ...refused, button, details);
}

let sending = Promise.resolve();
function sendAll() {
  sending = sending.then(() => outbox.send(token())).catch(() => []).then(async (records) => {
    for (const record of records) taken.set(record.visit_ref, record);
    await showCount();
    await showList();
  });
  return sending;
}

// Signing out wipes the phone: offer to send first.
async function guardSignOut(event) {
  if (!event.target.matches?.('form[action="/sign-out/"]') || event.target.dataset.isSure) return;
  event.preventDefault();
  await sendAll();
  const left = (await outbox.waiting()).length;
  if (left && !confirm(`${left} check-ins are not sent and would be lost. Sign out all the same?`)) return;
  await forget();
  event.target.dataset.isSure = "yes";
  event.target.requestSubmit();
}

function showAge() {
  const age = ROOT.querySelector("[data-age]");
  if (age && !navigator.onLine) Object.assign(age, { hidden: false, textContent: "No network: this is the copy on the phone." });
}

async function begin() {
  if (isOver()) return forget();
  const ref = location.pathname.split("/")[2];
  if (ref === "outbox") {
    if (ROOT.id === "card") {
      const title = Object.assign(document.createElement("h1"), { className: "govuk-heading-l", textContent: "Not sent yet" });
      const back = Object.assign(document.createElement("a"), { className: "govuk-link", href: "/card/", textContent: "My card" });
      ROOT.replaceChildren(title, back, ...ROOT.querySelectorAll("template"));
    }
    await showOutbox();
  } else if (ref) {
    const stop = ROOT.id === "stop" ? stopFromPage() : stopFromTemplate(ref);
    if (stop) {
      listen(stop);
      await showStop(stop);
    }
  } else {
    await showList();
    showAge();
  }
  document.addEventListener("submit", guardSignOut);
  addEventListener("online", async () => { await sendAll(); if (ref === "outbox") await showOutbox(); });
  await showCount();
  await sendAll();
  if (ref === "outbox") await showOutbox();
  await keepPage().catch(() => null); // no network: what the phone has stays as it is
}

if (ROOT) begin();
