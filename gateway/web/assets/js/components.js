// The components of Bootstrap Italia that a casework tool needs; each wakes by its data attributes.

import "bootstrap-italia/dist/plugins/accordion.js";
import "bootstrap-italia/dist/plugins/alert.js";
import "bootstrap-italia/dist/plugins/collapse.js";
import "bootstrap-italia/dist/plugins/dropdown.js";
import "bootstrap-italia/dist/plugins/modal.js";
import "bootstrap-italia/dist/plugins/navbar-collapsible.js";
import "bootstrap-italia/dist/plugins/notification.js";
import "bootstrap-italia/dist/plugins/offcanvas.js";
import "bootstrap-italia/dist/plugins/tab.js";
import "bootstrap-italia/dist/plugins/track-focus.js";
