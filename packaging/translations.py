#!/usr/bin/env python3
"""The template of all translations, made from the code: every text a reader may see, with the files it stands in.

    python packaging/translations.py extract    write resources/i18n/peace.pot, bring every catalogue up to date with it
                                                and compile it
    python packaging/translations.py check      the same, written nowhere: 0 when the committed template is current and
                                                every catalogue is complete, compiled and keeps the named fields of its
                                                texts, 1 with the reasons

Needs the dev extra. A language is a catalogue resources/i18n/LANGUAGE/LC_MESSAGES/peace_desktop.po made from the
template (`pybabel init`); what it lacks is translated in that file by hand, and `extract` compiles it beside.
"""

import ast
import io
import os
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from peace_desktop import __version__
from peace_desktop.texts import DOMAIN
from peace_model.ecg.age import AGE_BANDS, Precision
from peace_model.labels.profile import READERS_PROFILE, load_profile

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = ROOT / "resources" / "i18n"
TEMPLATE = CATALOGUES / "peace.pot"
PACKAGES = ("peace_desktop", "peace_model")
_UNSTEADY = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b"#, fuzzy")
"""Lines of the head that would change without a text having changed."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Places:
    """Where a function's texts stand among its arguments, counted from 0."""

    text: int
    plural: int | None = None
    context: int | None = None


# `part`, `_leads` and `_none` pass a template on to ngettext, Finding and LimitReason.
FUNCTIONS = {
    "_": Places(0), "mark": Places(0), "ngettext": Places(0, plural=1), "part": Places(0, plural=1),
    "pgettext": Places(1, context=0), "pmark": Places(1, context=0),
    "Finding": Places(2), "Reason": Places(1), "LimitReason": Places(1), "PredictionError": Places(0),
    "_leads": Places(2), "_none": Places(1), "worded": Places(0),
}
ERRORS = {"RecordingError": (1, 2, 3), "BundleError": (1, 2, 3), "error": (1, 2)}
"""Where an error's own words stand: field, problem, remedy. A field with a capital is the file's own word for it."""
SAYING_ERRORS = ("peace_model/ecg/", "peace_model/inference/")
"""Rooms whose errors a reader meets; those of training are met by who trains."""


@dataclass(frozen=True)
class Message:
    """One text: plural and context are "" without one; file is relative to the repository."""

    text: str
    plural: str
    context: str
    file: str


def _literal(call: ast.Call, place: int | None) -> str:
    """The text at a place of a call, "" when there is none or it is made elsewhere."""
    if place is None or place >= len(call.args):
        return ""
    given = call.args[place]
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else ""


def _choices(given: ast.expr) -> Iterator[str]:
    """The texts an expression may come to: one, or one of two."""
    if isinstance(given, ast.IfExp):
        yield from _choices(given.body)
        yield from _choices(given.orelse)
    elif isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value


def _texts_of_error(call: ast.Call, file: str) -> Iterator[Message]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    for place in ERRORS.get(name, ()):
        for text in _choices(call.args[place]) if place < len(call.args) else ():
            if place > 1 or name == "error" or not text[:1].isupper():
                yield Message(text, "", "", file)


def messages_of(source: str, file: str) -> Iterator[Message]:
    """The texts of one file in the order of its lines. Raises ValueError for a text that is filled before it is
    translated, which no catalogue can hold."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        if file.startswith(SAYING_ERRORS):
            yield from _texts_of_error(call, file)
        places = FUNCTIONS.get(call.func.id) if isinstance(call.func, ast.Name) else None
        if places is None:
            continue
        if any(isinstance(argument, ast.JoinedStr) for argument in call.args[:places.text + 1]):
            raise ValueError(f"{file}:{call.lineno}: an f-string cannot be translated; use a template with fields")
        for text in filter(None, _choices(call.args[places.text]) if places.text < len(call.args) else ()):
            yield Message(text, _literal(call, places.plural), _literal(call, places.context), file)


def _tables() -> Iterator[Message]:
    """Texts that stand in data rather than in code, or are made when the program starts."""
    for label in load_profile(READERS_PROFILE).labels:
        yield Message(label.name, "", "", f"resources/labels/{READERS_PROFILE}.json")
    for band in AGE_BANDS:
        yield Message(band.text, "", "", "peace_model/ecg/age.py")
    for precision in Precision:
        yield Message(precision.value, "", "", "peace_model/ecg/age.py")


def all_messages() -> Iterator[Message]:
    """Every text of the application, file by file."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield from messages_of(path.read_text("utf-8"), path.relative_to(ROOT).as_posix())
    yield from _tables()


def catalogue() -> Catalog:
    """The template with every text once and the files it stands in."""
    made = Catalog(project="PEACE Desktop", version=__version__, charset="utf-8",
                   header_comment="# The texts of PEACE Desktop, made by packaging/translations.py.")
    for item in all_messages():
        made.add((item.text, item.plural) if item.plural else item.text, context=item.context or None,
                 locations=[(item.file, 0)])
    return made


def _written(made: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, made, width=120, include_lineno=False)
    return b"".join(line for line in out.getvalue().splitlines(keepends=True) if not line.startswith(_UNSTEADY))


def _content(of: Catalog) -> dict[object, object]:
    """Every text with the files it stands in, whatever wrote the template."""
    return {(message.context, message.id): {file for file, _line in message.locations} for message in of if message.id}


def read_catalogue(path: Path, locale: str | None = None) -> Catalog:
    """A template or a translation."""
    with path.open("rb") as reading:
        return read_po(reading, locale=locale)


def fields(text: str) -> set[str]:
    """The named fields of a template. Raises ValueError for a template that cannot be filled by name."""
    names = {name for _text, name, _form, _conversion in string.Formatter().parse(text) if name is not None}
    if any(not name.isidentifier() for name in names):
        raise ValueError(f"\"{text}\" holds a field without a plain name")
    return names


def field_problems(given: Catalog) -> list[str]:
    """Every text of a catalogue that could not be filled as the code fills it."""
    problems = []
    for message in given:
        if not message.id:
            continue
        wanted = [message.id] if isinstance(message.id, str) else list(message.id)
        said = [message.string] if isinstance(message.string, str) else list(message.string or ())
        try:
            known = set().union(*(fields(text) for text in wanted))
            if any(text and fields(text) != known for text in said):
                problems.append(f"\"{wanted[0]}\" ({given.locale}): its fields are {sorted(known)}")
        except ValueError as error:
            problems.append(str(error))
    return problems


def _catalogues() -> Iterator[tuple[Path, Catalog]]:
    for path in sorted(CATALOGUES.glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        yield path, read_catalogue(path, path.parent.parent.name)


def _compiled(given: Catalog) -> bytes:
    # The head would say when it was compiled, and no two compilations would be alike.
    given.creation_date = given.revision_date = _NEVER
    out = io.BytesIO()
    write_mo(out, given)
    return out.getvalue()


def _is_translated(string: object) -> bool:
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a catalogue read while it is half written would lose what it did not hold yet."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    partial.write_bytes(content)
    os.replace(partial, path)


def _bring_up_to_date(path: Path, given: Catalog, template: Catalog) -> int:
    """Returns how many texts are left to translate. A text is never guessed from one that looks alike."""
    given.update(template, no_fuzzy_matching=True)
    given.obsolete.clear()
    _write(path, _written(given))
    kept = read_catalogue(path, path.parent.parent.name)
    _write(path.with_suffix(".mo"), _compiled(kept))
    return sum(not _is_translated(message.string) for message in kept if message.id)


def problems() -> list[str]:
    """Why the committed template and catalogues are not what the code asks for; empty when they are."""
    made = catalogue()
    found = field_problems(made)
    if not TEMPLATE.is_file() or _content(read_catalogue(TEMPLATE)) != _content(made):
        found.append(f"{TEMPLATE.relative_to(ROOT)} is not current: run python packaging/translations.py extract")
    for path, given in _catalogues():
        found += field_problems(given)
        name = path.relative_to(ROOT)
        missing = [message for message in made if message.id and not _is_translated(
            there.string if (there := given.get(message.id, message.context)) is not None else "")]
        if missing:
            found.append(f"{name}: {len(missing)} texts are not translated, the first is \"{missing[0].id}\"")
        compiled = path.with_suffix(".mo")
        if not compiled.is_file() or compiled.read_bytes() != _compiled(given):
            found.append(f"{compiled.relative_to(ROOT)} is not current: run python packaging/translations.py extract")
    return found


def main(argv: list[str]) -> int:
    if argv == ["extract"]:
        CATALOGUES.mkdir(exist_ok=True)
        made = catalogue()
        _write(TEMPLATE, _written(made))
        print(f"{TEMPLATE.relative_to(ROOT)}: {len(made)} texts")
        for path, given in _catalogues():
            print(f"{path.relative_to(ROOT)}: {_bring_up_to_date(path, given, made)} texts to translate")
        return 0
    if argv == ["check"]:
        found = problems()
        print("\n".join(found) or "The template is current, every catalogue complete and compiled.")
        return 1 if found else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
