"""The window and the report in Simplified Chinese."""

import pickle
import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontDatabase

from peace_desktop import texts
from peace_desktop.texts import _, age_words, error_words, ngettext, render
from peace_desktop.ui.han_face import lend_han_face
from peace_model.ecg.age import Age, Precision
from peace_model.ecg.formats.registry import read_recording
from peace_model.ecg.norms import load_norms
from peace_model.ecg.recording import RecordingError
from peace_model.inference.bundle import load_bundle
from peace_model.inference.bundle_fields import BundleError
from peace_model.inference.prediction import Reason
from peace_model.labels.profile import READERS_PROFILE, load_profile
from peace_model.words import Worded


@pytest.fixture
def chinese():
    assert texts.use_language("zh_CN") == "zh_CN"
    yield
    texts.use_language("en")


def is_chinese(words: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in words)


def test_labels_ages_and_counts_are_chinese(chinese) -> None:
    assert all(is_chinese(_(label.name)) for label in load_profile(READERS_PROFILE).labels)
    assert age_words(Age(104, Precision.DAY, "file")) == "3 个月 13 天"
    assert age_words(None) == "年龄未知"
    assert ngettext("{n} recording", "{n} recordings", 3).format(n=3) == "3 份记录"


def test_ages_and_leads_inside_a_reason_are_chinese(chinese) -> None:
    child = Reason("adult_trained", "The model was trained on adults only; this is a child's recording ({age}).",
                   (("age", "3 months 13 days"),))
    assert "3 个月 13 天" in render(child)
    without = Reason("missing_leads", "The model was run without {leads}.", (("leads", "V1, V2, V3"),))
    assert "V1、V2、V3" in render(without)
    newborn = load_norms().limits("heart_rate", age=Age(2, Precision.DAY, "file"), sex="F").reason
    assert newborn is not None
    assert "2 天" in render(newborn)


def test_a_refused_file_says_why_in_chinese(chinese, tmp_path: Path) -> None:
    (tmp_path / "a.hea").write_text("a 2 500 1000\na.dat 16 0/mV 16 0 0 0 0 I\na.dat 16 200/mV 16 0 0 0 0 II\n")
    with pytest.raises(RecordingError) as refused:
        read_recording(tmp_path / "a.hea")
    sent = pickle.loads(pickle.dumps((refused.value.field, refused.value.problem)))  # as the reading process sends it
    assert isinstance(sent[0], Worded)
    assert error_words(refused.value).startswith("a.hea：")
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", error_words(refused.value)), "English within the Chinese sentence"
    texts.use_language("en")
    assert error_words(refused.value) == str(refused.value)


def test_a_bundle_that_cannot_be_used_says_why_in_chinese(chinese, tmp_path: Path) -> None:
    (tmp_path / "bundle.json").write_text("{}")
    with pytest.raises(BundleError) as refused:
        load_bundle(tmp_path)
    assert error_words(refused.value) == "bundle.json：schema_version 缺失；请重新导出模型包，或从来源重新复制"


def test_a_system_without_a_chinese_face_is_lent_one(qapp, monkeypatch) -> None:
    lent: list[str] = []
    monkeypatch.setattr(QFontDatabase, "families", lambda *_system: [])
    monkeypatch.setattr(QFontDatabase, "addApplicationFont", lambda path: lent.append(path) or -1)
    lend_han_face(qapp)
    assert [Path(path).name for path in lent] == ["DroidSansFallback.ttf"]
    assert Path(lent[0]).is_file()


def test_a_system_with_faces_of_its_own_keeps_them(qapp, monkeypatch) -> None:
    monkeypatch.setattr(QFontDatabase, "families", lambda *_system: ["Somebody's Hei"])
    monkeypatch.setattr(QFontDatabase, "addApplicationFont", lambda _path: pytest.fail("nothing is to be lent"))
    lend_han_face(qapp)
