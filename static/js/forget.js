/* Whoever signs in next on this phone finds nothing of what was kept for reading without a network. */
"use strict";

if ("caches" in window) caches.delete("cardfleet-pages");
