"""The help's pages: the same ones in both languages, every link leads somewhere, every page is in the contents."""

import re
from pathlib import Path

import pytest

from peace_model.resources import resource

LANGUAGES = ("en", "zh_CN")
GENERATED = {"commands.html"}


def _links(page: Path) -> set[str]:
    return set(re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_leads_to_a_page_and_every_page_is_in_the_contents(language: str) -> None:
    folder = resource("help", language)
    pages = {page.name for page in folder.glob("*.md")}
    for page in folder.glob("*.md"):
        assert _links(page) <= pages | GENERATED, page.name
    assert _links(folder / "index.md") == pages - {"index.md"} | GENERATED


def test_both_languages_have_the_same_pages_with_the_same_links() -> None:
    english, chinese = (resource("help", language) for language in LANGUAGES)
    names = {page.name for page in english.glob("*.md")}
    assert names == {page.name for page in chinese.glob("*.md")}
    for name in names:
        assert _links(english / name) == _links(chinese / name), name
        assert (english / name).read_text("utf-8").count("\n## ") == (chinese / name).read_text("utf-8").count("\n## ")
