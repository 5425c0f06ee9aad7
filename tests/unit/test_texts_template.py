"""The template of all translations: current, fillable, and enough to translate what a reader sees."""

import re

import pytest
from pseudo_locale import load_translations, pseudo, unwrapped
from report_samples import content_of, draft, prediction, signed, spikes

from peace_desktop.report.printed import ReportContent
from peace_desktop.texts import render
from peace_model.ecg.age import AGE_BANDS
from peace_model.ecg.measurement import measure
from peace_model.ecg.signal.filters import FilterSetting
from peace_model.ecg.signal.quality import input_findings
from peace_model.ecg.simulation import SimulationSpec, simulate
from peace_model.inference.prediction import Reason
from peace_model.labels.profile import READERS_PROFILE, load_profile

__all__ = ["pseudo"]

TYPED = ("Follow-up", "Dr. Müller", "Rijnbeek", "WFDB", "UTC", "peace-ptbxl", "PEACE Desktop", "P00073",
         "Sinus rhythm.", "bpm", "Grad-CAM++", "NORM", "RVH", "LVH", "Name of")
"""What people, files and the bundle said, and what is the same in every language."""


@pytest.fixture(scope="module")
def translations():
    return load_translations()


def test_the_committed_template_is_current_and_every_catalogue_keeps_its_fields(translations) -> None:
    assert translations.problems() == []


@pytest.mark.parametrize(("source", "expected"), [
    ('_("a" "b")', [("ab", "", "")]),
    ('ngettext("{n} day", "{n} days", count)', [("{n} day", "{n} days", "")]),
    ('pgettext("sex", "F")', [("F", "", "sex")]),
    ('Finding("code", (), "Too {much}.", (("much", _("more")),))', [("Too {much}.", "", ""), ("more", "", "")]),
    ("_(words)", []),
    ('other("text")', []),
])
def test_texts_are_found_in_code(translations, source, expected) -> None:
    assert [(item.text, item.plural, item.context) for item in translations.messages_of(source, "x.py")] == expected


def test_a_text_filled_before_it_is_translated_is_refused(translations) -> None:
    with pytest.raises(ValueError, match=r"x\.py:1"):
        list(translations.messages_of('_(f"{n} leads")', "x.py"))


@pytest.mark.parametrize(("said", "sound"), [
    ("{leads}: nichts", True), ("nichts: {leads} {leads}", True), ("nichts", False), ("{lead}: nichts", False),
    ("{}: nichts", False), ("{leads: nichts", False),
])
def test_a_translation_must_keep_the_named_fields(translations, said, sound) -> None:
    catalogue = translations.Catalog("de")
    catalogue.add("{leads}: nothing", said)
    assert (translations.field_problems(catalogue) == []) == sound


def test_every_label_and_age_band_is_in_the_template(translations) -> None:
    texts = {item.text for item in translations.all_messages()}
    assert {label.name for label in load_profile(READERS_PROFILE).labels} | {band.text for band in AGE_BANDS} <= texts


def test_a_finding_is_said_in_the_readers_language(pseudo) -> None:
    spec = SimulationSpec(age_days=100, sex="F", seed=1, duration_s=4, fs_hz=250, age_known=False)
    findings = input_findings(simulate(spec).recording)
    assert {"simulated", "age_unknown", "low_rate", "short_recording"} <= {found.code for found in findings}
    assert [unwrapped(render(found)) for found in findings if unwrapped(render(found))] == []


def test_a_reason_is_said_with_its_values_in_the_readers_language(pseudo) -> None:
    reason = Reason(
        "few_records", "Few records: the model saw {count} recordings with this label at {band} in training "
        "({total} at all ages).", (("count", "3"), ("band", "5–7 years"), ("total", "60")))
    assert render(reason) == ("⟦Few records: the model saw 3 recordings with this label at ⟦5–7 years⟧ in training "
                              "(60 at all ages).⟧")


def _printed(content: ReportContent) -> list[str]:
    rows = [(row.name, row.decision, row.statement, row.agreement) for row in content.label_rows]
    measured = [(row.name, row.limits, row.flag) for row in content.measurements]
    return [content.age, *content.person, *content.recording, content.status.word, *content.status.lines,
            content.trace.scale, content.trace.map_legend, *content.findings, *content.banner, *content.reasons,
            content.prediction_note, *content.unavailable, *content.limit_sources, *content.signature,
            *content.versions, content.printed, *(word for row in (*rows, *measured) for word in row)]


@pytest.mark.parametrize("recording", [spikes(), spikes(age_days=None, sex=None), spikes(simulated=True)])
@pytest.mark.parametrize("reading", [None, draft(), signed()])
def test_a_report_is_printed_in_the_readers_language(pseudo, recording, reading) -> None:
    content = content_of(recording, findings=input_findings(recording), measurements=measure(recording),
                         result=prediction(), reading=reading, selected=("RVH", "gradcam"),
                         filter_setting=FilterSetting(0.5, 40.0, 50.0))
    left = [unwrapped(text) for text in _printed(content)]
    typed = re.compile("|".join(map(re.escape, TYPED)))
    assert [text for text in left if unwrapped(typed.sub("", text))] == []
