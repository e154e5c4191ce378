"""From the table of calls to an OpenAPI 3.1 document."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Protocol

from morprom import __version__
from morprom.doors.sandbox.description.model import CallEntry, Group, Language, Parameter, Schema, Security, statuses_of
from morprom.doors.sandbox.description.payloads import ITEMS, SHARED
from morprom.doors.sandbox.description.rows import ROWS, row
from morprom.doors.sandbox.description.schemas import ENVELOPE, FAILURE, FINDING, RECEIPT, TEXT, one, ref
from morprom.doors.sandbox.description.words import ABOUT, SCHEMES, STATUS, TITLES
from morprom.kernel import Words


class Shown(Protocol):
    """An example as the document shows it."""

    @property
    def name(self) -> str: ...
    @property
    def th(self) -> str: ...
    @property
    def en(self) -> str: ...
    @property
    def method(self) -> str: ...
    @property
    def body(self) -> Any: ...
    @property
    def status(self) -> int: ...
    @property
    def answer(self) -> Any: ...


Examples = Mapping[str, Sequence[Shown]]


def document(language: Language, calls: Iterable[CallEntry], examples: Examples) -> dict[str, Any]:
    """The document in `language`. Addresses are relative: it describes whoever serves it."""
    paths: dict[str, dict[str, Any]] = {}
    for (path, method), entries in operations(calls).items():
        paths.setdefault(path, {})[method.lower()] = _operation(path, method, entries, examples)
    made = {
        "openapi": "3.1.1",
        "info": {"title": "morprom", "version": __version__, "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": group.value} for group in Group],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "responses": {str(status): _failure(status) for status in STATUS if status >= 400},
            "securitySchemes": SCHEMES,
        },
    }
    return _said(made, language)


def operations(calls: Iterable[CallEntry]) -> dict[tuple[str, str], list[CallEntry]]:
    """The entries of each path and method, in the order of the table."""
    found: dict[tuple[str, str], list[CallEntry]] = {}
    for call in calls:
        for method in call.methods:
            found.setdefault((call.path, method), []).append(call)
    return found


def _operation(path: str, method: str, entries: list[CallEntry], examples: Examples) -> dict[str, Any]:
    first = entries[0]
    made: dict[str, Any] = {
        "operationId": f"{path.strip('/').removeprefix('api/').replace('/', '_')}_{method.lower()}",
        "tags": [first.group.value],
        "summary": first.words if len(entries) == 1 else TITLES.get(path, first.words),
        "description": first.about if len(entries) == 1 else _list_of(entries),
        "security": [{security.value: []} if security.value else {} for security in _securities(entries, method)],
        "parameters": _parameters(entries),
    }
    if method == "POST" and (body := _body(entries, examples)):
        made["requestBody"] = body
    made["responses"] = _responses(entries, method, examples)
    return made


def _list_of(entries: list[CallEntry]) -> Words:
    lines = [(call.title.partition("?")[2] or "…", call) for call in entries]
    about = [call.about for call in entries if call.about.en]
    th = [f"- `{query}` {call.words.th}" for query, call in lines] + [f"\n{one.th}" for one in dict.fromkeys(about)]
    en = [f"- `{query}` {call.words.en}" for query, call in lines] + [f"\n{one.en}" for one in dict.fromkeys(about)]
    return Words("\n".join(th), "\n".join(en))


def _securities(entries: list[CallEntry], method: str) -> list[Security]:
    found = dict.fromkeys(security for call in entries for security in call.security)
    if method == "GET" and Security.HEALTH_ID in found:
        return [Security.HEALTH_ID]  # a code travels in a body only, and so does the account that brings it
    return list(found)


def _parameters(entries: list[CallEntry]) -> list[dict[str, Any]]:
    made: dict[str, dict[str, Any]] = {}
    for name in dict.fromkeys(name for call in entries for name in call.fixed):
        values = list(dict.fromkeys(call.fixed[name] for call in entries if name in call.fixed))
        schema: Schema = {"type": "string", "enum": values}
        made[name] = _parameter(name, TITLES["*"], schema, required=all(name in call.fixed for call in entries))
    for parameter in (parameter for call in entries for parameter in call.parameters):
        everywhere = all(any(p.name == parameter.name and p.required for p in call.parameters) for call in entries)
        made.setdefault(
            parameter.name, _parameter(parameter.name, parameter.words, _schema_of(parameter), required=everywhere)
        )
    return list(made.values())


def _schema_of(parameter: Parameter) -> Schema:
    schema: Schema = dict(TEXT)
    if parameter.values:
        schema["enum"] = list(parameter.values)
    if parameter.example:
        schema["examples"] = [parameter.example]
    return schema


def _parameter(name: str, words: Words, schema: Schema, *, required: bool) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": words, "schema": schema}


def _body(entries: list[CallEntry], examples: Examples) -> dict[str, Any]:
    content: dict[str, Any] = {}
    bodies = _unique(call.body for call in entries if call.body is not None)
    if bodies:
        content["application/json"] = {"schema": _any_of(bodies)}
        kept = _kept(entries, examples, lambda one: one.method == "POST" and one.body is not None)
        shown = {name: {"summary": Words(one.th, one.en), "value": one.body} for name, one in kept.items()}
        if shown:
            content["application/json"]["examples"] = shown
    if forms := _unique(call.form for call in entries if call.form is not None):
        content["application/x-www-form-urlencoded"] = {"schema": _any_of(forms)}
    return {"required": False, "content": content} if content else {}


def _responses(entries: list[CallEntry], method: str, examples: Examples) -> dict[str, Any]:
    statuses = sorted({status for call in entries for status in statuses_of(call)})
    if method != "POST":
        statuses = [status for status in statuses if status != 413]
    return {str(status): _response(entries, method, status, examples) for status in statuses}


def _response(entries: list[CallEntry], method: str, status: int, examples: Examples) -> dict[str, Any]:
    first = entries[0]
    if status in {303, 304}:
        return {"description": STATUS[status]}
    if status >= 400 and first.media != "text/html":
        return {"$ref": f"#/components/responses/{status}"}
    if first.media:
        return {"description": STATUS[status], "content": {first.media: {"schema": TEXT}}}
    beside = {name: schema for call in entries for name, schema in call.beside.items()}
    result = _any_of(_unique(call.result for call in entries))
    content: dict[str, Any] = {"schema": {"allOf": [ref("Envelope"), one(result=result, **beside)]}}
    kept = _kept(entries, examples, lambda one: one.method == method and one.status == status)
    if kept:
        content["examples"] = {
            name: {"summary": Words(shown.th, shown.en), "value": shown.answer} for name, shown in kept.items()
        }
    return {"description": STATUS[status], "content": {"application/json": content}}


def _kept(entries: list[CallEntry], examples: Examples, wanted: Callable[[Shown], bool]) -> dict[str, Shown]:
    found = ((call, shown) for call in entries for shown in examples.get(call.operation, ()) if wanted(shown))
    return {f"{call.operation}.{shown.name}": shown for call, shown in found}


def _schemas() -> dict[str, Schema]:
    return {
        "Envelope": ENVELOPE,
        "Failure": FAILURE,
        "Finding": FINDING,
        "MendableFinding": {"allOf": [ref("Finding"), one(mend_th=TEXT, mend_en=TEXT)]},
        "Receipt": RECEIPT,
        **SHARED,
        **ITEMS,
        **{f"Row.{name}": row(name) for name in ROWS},
    }


RETRY: Final[Schema] = {"Retry-After": {"description": Words("วินาที", "seconds"), "schema": {"type": "string"}}}
SCHEME: Final[Schema] = {"WWW-Authenticate": {"schema": TEXT}}


def _failure(status: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": STATUS[status],
        "content": {"application/json": {"schema": ref("Failure")}},
    }
    if status in {429, 503}:
        made["headers"] = RETRY
    elif status in {401, 403}:
        made["headers"] = SCHEME
    return made


def _unique(schemas: Iterable[Schema]) -> list[Schema]:
    found: list[Schema] = []
    for schema in schemas:
        if schema not in found:
            found.append(schema)
    return found


def _any_of(schemas: list[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _said(value: Any, language: Language) -> Any:
    """The same with every `Words` in the language."""
    match value:
        case Words():
            return language.say(value)
        case dict():
            return {name: _said(inner, language) for name, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case list():
            return [_said(inner, language) for inner in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value
