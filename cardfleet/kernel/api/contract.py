"""What two schemas of the API differ in, and which of it breaks clients that were written to the older one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

REF = "#/components/"
METHODS = ("get", "post", "put", "patch", "delete")
# A limit that grows is wider for what is sent; one that shrinks for what is answered does no harm.
AT_MOST = ("maxLength", "maximum", "maxItems")
AT_LEAST = ("minLength", "minimum", "minItems")
Schema = Mapping[str, Any]


@dataclass(frozen=True, order=True)
class Change:
    """A difference: where, what, and whether a client that did well before may fail by it."""

    place: str
    what: str
    breaks: bool

    def __str__(self) -> str:
        return f"{'BREAKS' if self.breaks else 'fits'}  {self.place}: {self.what}"


def changes(old: Schema, new: Schema) -> list[Change]:
    """Return how `new` differs from `old` for a client, the breaking ones first; texts and examples do not count."""
    found = set(_Comparison(old, new).operations())
    return sorted(found, key=lambda change: (not change.breaks, change))


class _Comparison:
    def __init__(self, old: Schema, new: Schema) -> None:
        self.old, self.new = old, new
        self.begun: set[tuple[int, int, bool]] = set()

    def operations(self) -> Iterator[Change]:
        before, after = _operations(self.old), _operations(self.new)
        for place in before.keys() - after.keys():
            yield Change(place, "is gone", breaks=True)
        for place in after.keys() - before.keys():
            yield Change(place, "is new", breaks=False)
        for place in before.keys() & after.keys():
            self.begun.clear()
            yield from self._operation(place, before[place], after[place])

    def _operation(self, place: str, old: Schema, new: Schema) -> Iterator[Change]:
        rights = old.get("x-permission"), new.get("x-permission")
        if rights[0] != rights[1]:
            yield Change(place, f"needs the right {rights[1]} instead of {rights[0]}", breaks=rights[1] is not None)
        yield from self._parameters(place, old, new)
        bodies = [one.get("requestBody", {}).get("content", {}) for one in (old, new)]
        yield from self._contents(f"{place} request", *bodies, sent=True)
        if new.get("requestBody", {}).get("required") and not old.get("requestBody", {}).get("required"):
            yield Change(place, "a body is required", breaks=True)
        answers = [{k: v for k, v in one["responses"].items() if k.startswith("2")} for one in (old, new)]
        for status in answers[0].keys() - answers[1].keys():
            yield Change(place, f"answer {status} is gone", breaks=True)
        for status in answers[1].keys() - answers[0].keys():
            yield Change(place, f"answer {status} is new", breaks=False)
        for status in answers[0].keys() & answers[1].keys():
            contents = [one[status].get("content", {}) for one in answers]
            yield from self._contents(f"{place} answer", *contents, sent=False)

    def _parameters(self, place: str, old: Schema, new: Schema) -> Iterator[Change]:
        before, after = (
            {(one["in"], one["name"]): one for one in operation.get("parameters", ())} for operation in (old, new)
        )
        for where, name in before.keys() - after.keys():
            yield Change(place, f"{where} parameter {name} is gone", breaks=True)
        for where, name in after.keys() - before.keys():
            required = bool(after[where, name].get("required"))
            yield Change(place, f"{where} parameter {name} is new{', and required' * required}", breaks=required)
        for key in before.keys() & after.keys():
            if after[key].get("required") and not before[key].get("required"):
                yield Change(place, f"{key[0]} parameter {key[1]} is required", breaks=True)
            schemas = (before[key].get("schema", {}), after[key].get("schema", {}))
            yield from self._schema(f"{place} parameter {key[1]}", *schemas, sent=True)

    def _contents(self, place: str, old: Schema, new: Schema, *, sent: bool) -> Iterator[Change]:
        for form in old.keys() - new.keys():
            yield Change(place, f"{form} is gone", breaks=True)
        for form in new.keys() - old.keys():
            yield Change(place, f"{form} is new", breaks=False)
        for form in old.keys() & new.keys():
            yield from self._schema(place, old[form].get("schema", {}), new[form].get("schema", {}), sent=sent)

    def _schema(self, place: str, old: Schema, new: Schema, *, sent: bool) -> Iterator[Change]:
        old, new = _whole(old, self.old), _whole(new, self.new)
        seen = (id(old.get("properties")), id(new.get("properties")), sent)
        if "properties" in old and seen in self.begun:
            return
        self.begun.add(seen)
        yield from _kinds(place, old, new, sent=sent)
        yield from _limits(place, old, new, sent=sent)
        yield from self._fields(place, old, new, sent=sent)
        if "items" in old and "items" in new:
            yield from self._schema(f"{place}[]", old["items"], new["items"], sent=sent)

    def _fields(self, place: str, old: Schema, new: Schema, *, sent: bool) -> Iterator[Change]:
        before, after = old.get("properties", {}), new.get("properties", {})
        if sent and new.get("additionalProperties") is False and old.get("additionalProperties") is not False:
            yield Change(place, "takes no other fields", breaks=True)
        needed, needs = set(old.get("required", ())), set(new.get("required", ()))
        for name in before.keys() - after.keys():
            yield Change(place, f"field {name} is gone", breaks=True)
        for name in after.keys() - before.keys():
            must = sent and name in needs
            yield Change(place, f"field {name} is new{', and required' * must}", breaks=must)
        for name in before.keys() & after.keys():
            if sent and name in needs - needed:
                yield Change(place, f"field {name} is required", breaks=True)
            if not sent and name in needed - needs:
                yield Change(place, f"field {name} may be missing", breaks=True)
            yield from self._schema(f"{place}.{name}", before[name], after[name], sent=sent)


def _operations(schema: Schema) -> dict[str, Schema]:
    paths = schema["paths"].items()
    return {f"{name.upper()} {path}": item[name] for path, item in paths for name in METHODS if name in item}


def _whole(schema: Schema, root: Schema) -> Schema:
    """Return a schema with what it refers to in its place; alternatives are added up: any value of any of them."""
    whole: dict[str, Any] = {key: value for key, value in schema.items() if key not in ("$ref", "allOf")}
    parts = [*schema.get("allOf", ()), *([{"$ref": schema["$ref"]}] if "$ref" in schema else [])]
    for part in parts:
        found = part
        while "$ref" in found:
            kind, name = found["$ref"].removeprefix(REF).split("/")
            found = root["components"][kind][name]
        whole = {**_whole(found, root), **whole}
    either = whole.pop("oneOf", None) or whole.pop("anyOf", None)
    if either:
        options = [_whole(one, root) for one in either]
        whole["type"] = sorted({kind for one in options for kind in _types(one)})
        if all("enum" in one or one.get("type") == "null" for one in options):
            whole["enum"] = [value for one in options for value in one.get("enum", [None])]
        whole["properties"] = {name: below for one in options for name, below in one.get("properties", {}).items()}
    return whole


def _types(schema: Schema) -> set[str]:
    kind = schema.get("type", ())
    return {kind} if isinstance(kind, str) else set(kind)


def _kinds(place: str, old: Schema, new: Schema, *, sent: bool) -> Iterator[Change]:
    before, after = _types(old), _types(new)
    if not before or not after:
        return
    # What used to be taken must still be; what is answered must not be of a kind that never was.
    for kind in before - after:
        yield Change(place, f"is no {kind} any more", breaks=sent)
    for kind in after - before:
        yield Change(place, f"may be {kind}", breaks=not sent)
    if old.get("format") != new.get("format"):
        yield Change(place, f"has the format {new.get('format')} instead of {old.get('format')}", breaks=True)


def _limits(place: str, old: Schema, new: Schema, *, sent: bool) -> Iterator[Change]:
    if "enum" in old and "enum" in new:
        before, after = set(map(str, old["enum"])), set(map(str, new["enum"]))
        for value in before - after:
            yield Change(place, f"the value {value!r} is gone", breaks=sent)
        for value in after - before:
            yield Change(place, f"the value {value!r} is new", breaks=False)
    elif "enum" in new and sent:
        yield Change(place, "takes only some values", breaks=True)
    for limits, sign in ((AT_MOST, 1), (AT_LEAST, -1)):
        for limit in limits:
            was, now = old.get(limit), new.get(limit)
            if was != now:
                narrower = now is not None and (was is None or (now - was) * sign < 0)
                yield Change(place, f"{limit} is {now} instead of {was}", breaks=sent and narrower)
