"""From JSON to frozen dataclasses: every key is known, every value has its type, or an error names file and field."""

import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


class RecipeError(Exception):
    """A recipe that cannot be run; str() names the file, the field and what is wrong with it."""


def read_fields(kind: type[T], values: object, where: str) -> T:
    """An instance of the dataclass `kind` from a JSON object. where: "file:" or "file: field", for the error.

    Raises RecipeError for an unknown key, a missing one, a value of another type, or one that `kind` refuses.
    """
    if not isinstance(values, Mapping):
        raise RecipeError(f"{where.removesuffix(':')}: expected an object")
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}
    for name in values:
        if name not in known:
            raise RecipeError(f"{_at(where, name)}: unknown; known are {', '.join(sorted(known))}")
    for name, field in known.items():
        if name not in values and field.default is MISSING and field.default_factory is MISSING:
            raise RecipeError(f"{_at(where, name)}: missing")
    try:
        return kind(**{name: _value(hints[name], value, _at(where, name)) for name, value in values.items()})
    except ValueError as error:
        raise RecipeError(f"{where.removesuffix(':')}: {error}") from error


def _value(kind: Any, value: object, where: str) -> Any:
    origin, inside = get_origin(kind), get_args(kind)
    if kind is Any:
        return value
    if is_dataclass(kind) and isinstance(kind, type):
        return read_fields(kind, value, where)
    if origin in (Union, types.UnionType):
        if value is None and type(None) in inside:
            return None
        return _value(next(one for one in inside if one is not type(None)), value, where)
    if origin is Literal:
        if value not in inside:
            raise RecipeError(f"{where}: {value!r}; expected one of {', '.join(map(str, inside))}")
        return value
    if origin is tuple and isinstance(value, (list, tuple)):
        kinds = [inside[0]] * len(value) if inside[-1] is Ellipsis else list(inside)
        if len(kinds) != len(value):
            raise RecipeError(f"{where}: expected {len(kinds)} values")
        pairs = enumerate(zip(kinds, value, strict=True))
        return tuple(_value(one, entry, f"{where}[{place}]") for place, (one, entry) in pairs)
    if origin in (dict, Mapping) or (isinstance(origin, type) and issubclass(origin, Mapping)):
        if isinstance(value, Mapping):
            return {str(key): _value(inside[1], entry, _at(where, str(key))) for key, entry in value.items()}
    elif kind is float and isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    elif isinstance(kind, type) and isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    raise RecipeError(f"{where}: {value!r}; expected {_name(kind)}")


def _name(kind: Any) -> str:
    names = {int: "a whole number", float: "a number", str: "a text", bool: "true or false"}
    origin = get_origin(kind)
    return names.get(kind, "a list" if origin is tuple else "an object")


def _at(where: str, name: str) -> str:
    return f"{where} {name}" if where.endswith(":") else f"{where}.{name}"
