"""A language made from the template of texts: every text in brackets, so that one that was never translated shows."""

import importlib.util
import locale
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.mofile import write_mo

from peace_desktop import texts

REPOSITORY = Path(__file__).resolve().parent.parent
_WRAPPED = re.compile(r"⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[^\W\d_]{3,}")


def load_translations() -> ModuleType:
    """packaging/translations.py, which is a script and no part of a package."""
    spec = importlib.util.spec_from_file_location("translations", REPOSITORY / "packaging" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["translations"] = module
    spec.loader.exec_module(module)
    return module


def _wrapped(text: str) -> str:
    return f"⟦{text}⟧"


def write_pseudo(folder: Path, language: str) -> None:
    """The compiled catalogue of the language, in which every text of the committed template is wrapped."""
    translations = load_translations()
    catalogue = translations.read_catalogue(translations.TEMPLATE, "en")
    for message in catalogue:
        if message.id:
            message.string = tuple(map(_wrapped, message.id)) if message.pluralizable else _wrapped(message.id)
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / f"{texts.DOMAIN}.mo").open("wb") as writing:
        write_mo(writing, catalogue)


def unwrapped(text: str) -> str:
    """What of a text stands in no brackets, where it holds a word; "" for numbers, signs and units."""
    before = ""
    while before != text:
        before, text = text, _WRAPPED.sub(" ", text)
    return " ".join(text.split()) if _WORD.search(text) else ""


@pytest.fixture
def pseudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The application speaks the pseudo-language of this test; English again afterwards."""
    language = locale.getlocale()[0] or texts.ENGLISH
    write_pseudo(tmp_path / "i18n", language)
    monkeypatch.setattr(texts, "_catalogue", texts._catalogue)
    monkeypatch.setattr(texts, "resource", lambda *parts: tmp_path.joinpath(*parts))
    assert texts.use_language("system") == language
