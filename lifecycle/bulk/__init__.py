"""What may be done to many cards at once: a file an action, found by being here (`registry` says what one holds)."""

from importlib import import_module
from pkgutil import iter_modules

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
