// What every page starts: the scripts of the design system, and ours where the page has something for them.
// Nothing needs them to work.
import { initAll } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
if (document.querySelector("[data-live]")) import("poller");
if (document.querySelector("[data-map]")) import("map");
