"""What browsers are told to refuse: the content security policies and the headers that go with every answer."""

from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

EVERYWHERE = {
    "default-src": [SELF],
    "img-src": [SELF, "data:"],
    "object-src": [NONE],
    "base-uri": [NONE],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
}
PAGES = {"DIRECTIVES": {**EVERYWHERE, "script-src": [SELF, NONCE], "style-src": [SELF, NONCE]}}
# The administration's frame (Alpine.js) puts handlers into its markup and evaluates them.
ADMINISTRATION = {
    **EVERYWHERE,
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}
# What no page of ours asks a device for, and nothing that gets into one may.
UNUSED = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "idle-detection",
    "magnetometer", "microphone", "midi", "payment", "screen-wake-lock", "serial", "usb",
)  # fmt: skip
HEADERS = {
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
    "Cross-Origin-Resource-Policy": "same-origin",
}
