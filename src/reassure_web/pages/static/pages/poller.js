// Pages that live: every part marked `data-live` is asked for again while its page is seen.
// `HX-Request` tells the server that a page refreshes itself and nobody did anything. A 304 means nothing new; anything else but 200 counts as no answer. Pause stops it; silence is said in words.

const EVERY_MS = 5000;
const STALE_MS = 30000;
const PATIENCE_MS = 10000;
const clock = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "Europe/London",
});

class LivePart {
  constructor(bar) {
    this.bar = bar;
    this.rows = bar.nextElementSibling;
    this.time = bar.querySelector("[data-live-time]");
    this.status = bar.querySelector("[data-live-status]");
    this.pause = bar.querySelector("button");
    this.answeredAt = Date.now();
    this.isPaused = false;
    this.isEnded = false;
    this.pause.hidden = false;
    this.pause.addEventListener("click", () => this.toggle());
    this.endIfSaid();
  }

  toggle() {
    this.isPaused = !this.isPaused;
    this.pause.textContent = this.isPaused ? "Go on" : "Pause";
    this.status.textContent = this.isPaused ? "Paused" : "";
    if (!this.isPaused) this.ask();
  }

  async ask() {
    if (this.isPaused || this.isEnded || document.hidden || this.isAsking) return;
    this.isAsking = true;
    try {
      const answer = await fetch(this.bar.dataset.live, {
        headers: { "If-None-Match": `"${this.bar.dataset.version}"`, "HX-Request": "true" },
        signal: AbortSignal.timeout(PATIENCE_MS),
        redirect: "error", // an ended session leads to the sign-in page, which is no answer
      });
      if (answer.status === 200) this.show(await answer.text(), answer.headers.get("ETag"));
      if (answer.status === 200 || answer.status === 304) this.answeredAt = Date.now();
    } catch {
      // no network, no server, too slow, signed out: the clock below says so
    } finally {
      this.isAsking = false;
      this.tell();
    }
  }

  show(html, tag) {
    const hadFocus = this.rows.contains(document.activeElement) ? document.activeElement.id : "";
    const open = [...this.rows.querySelectorAll("details[open][id]")].map((details) => details.id);
    this.rows.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (hadFocus) document.getElementById(hadFocus)?.focus({ preventScroll: true });
    this.bar.dataset.version = (tag ?? "").replace(/^W\/|"/g, "");
    const says = this.rows.querySelector("[data-live-says]");
    this.status.textContent = says ? says.textContent : `Changed at ${clock.format(Date.now())}`;
    this.endIfSaid();
  }

  endIfSaid() {
    this.isEnded = Boolean(this.rows.querySelector("[data-live-end]"));
    if (this.isEnded) this.pause.hidden = true;
  }

  tell() {
    const isStale = Date.now() - this.answeredAt > STALE_MS;
    const time = Object.assign(document.createElement("time"), { textContent: clock.format(this.answeredAt) });
    this.time.replaceChildren(isStale ? "Not updated since " : "Last updated ", time);
    this.bar.toggleAttribute("data-stale", isStale);
  }
}

const parts = [...document.querySelectorAll("[data-live]")].map((bar) => new LivePart(bar));
if (parts.length) {
  setInterval(() => parts.forEach((part) => (part.isPaused ? part.tell() : part.ask())), EVERY_MS);
  document.addEventListener("visibilitychange", () => parts.forEach((part) => part.ask()));
}
