// The scripts of every page. Nothing here is needed for a page's essential task: forms and links
// work without. No sentence stands in a script: what is shown is in the page, in its language.

import "./js/components.js";
import "./js/requests.js";
import "./js/session.js";
import "./js/line.js";
import "./js/saving.js";
import "./js/focus.js";
import "./js/dialogs.js";
import "./js/shortcuts.js";
import "./js/notices.js";
import "./js/controls.js";
import "./js/scheda.js";
