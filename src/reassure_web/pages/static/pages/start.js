// What every page starts: the scripts of the design system. Nothing needs them to work.
import { initAll } from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
