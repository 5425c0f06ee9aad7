"""The one table of actions: whole, free of clashes, and the source of the key sheet."""

import pytest

from peace_desktop.ui.action_spec import Menu
from peace_desktop.ui.action_table import ACTIONS, LABEL_KEYS, action
from peace_desktop.ui.key_sheet import key_rows


def test_ids_and_keys_are_unique() -> None:
    ids = [spec.id for spec in ACTIONS]
    keys = [key.casefold() for spec in ACTIONS for key in spec.keys]
    assert len(set(ids)) == len(ids)
    assert len(set(keys)) == len(keys)


def test_no_key_is_altgr() -> None:
    assert not [spec.id for spec in ACTIONS for key in spec.keys if "Ctrl" in key and "Alt" in key]


def test_every_action_has_words_and_an_icon_that_exists() -> None:
    from peace_model.resources import resource

    for spec in ACTIONS:
        assert spec.text
        assert spec.tip.endswith(".")
        if spec.icon:
            assert "currentColor" in resource("icons", f"{spec.icon}.svg").read_text("utf-8")


def test_sheet_has_every_menu_that_has_keys_and_one_line_for_the_labels() -> None:
    rows = key_rows()
    assert set(rows) == {spec.menu for spec in ACTIONS if spec.keys}
    assert [keys for keys, _text, _tip in rows[Menu.READING] if "1 2 3" in keys] == [" ".join(LABEL_KEYS)]


def test_unknown_action() -> None:
    with pytest.raises(KeyError):
        action("no such thing")
