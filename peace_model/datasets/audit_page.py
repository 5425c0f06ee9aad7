"""An audit as one page of HTML that fetches nothing: tables, pictures and what each part means."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from peace_model.datasets.audit_svg import bars, histogram, ranges, stacked
from peace_model.labels.groups import WHOLE_PROFILE

_NAMES = {"ptbxl": "PTB-XL", "zzu_pecg": "ZZU-pECG"}
_FLAGS = {
    "duplicate_leads": "leads repeat one another", "flat_lead": "a lead in which nothing moves",
    "missing_leads": "fewer than 12 leads", "nan_run": "missing samples", "saturated": "on the recorder's rail",
    "short_recording": "shorter than the model's least"}
_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;color:#1c2733;background:#fff;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.2rem;border-bottom:1px solid #c4ccd4;margin-top:2.4rem}
table{border-collapse:collapse;margin:.8rem 0;font-variant-numeric:tabular-nums}
th,td{padding:.15rem .7rem;text-align:right;border-bottom:1px solid #e3e8ec}
th:first-child,td:first-child,.text{text-align:left}
th{font-weight:600;vertical-align:bottom}.wide{overflow-x:auto}figure{margin:1rem 0}figcaption{font-weight:600}
svg{width:100%;height:auto;font:12px system-ui,sans-serif;fill:#1c2733}.bar,.part0{fill:#2b6ca3}.part1{fill:#b35c00}
.part2{fill:#6b7785}.on0,.on1,.on2{fill:#fff}.axis{stroke:#6b7785}.median{stroke:#1c2733;stroke-width:2}
.good{color:#1d6b3a}.bad{color:#9b2c12;font-weight:600}
"""


def audit_page(found: Mapping[str, Any]) -> str:
    """found: as `audit_folder` gives it."""
    name = _NAMES[found["dataset"]]
    body = [
        f"<h1>Audit of {name}</h1>",
        f"<p>Made by <code>peace-model audit</code> from {_text(found['table'])} and the signal files beside it. "
        "Counts only: places are told by the line of the table, patients and recordings by no name. Research use "
        "only.</p>",
        *_counts(found), *_problems(found["problems"]), *_ages(found), *_leads(found["leads"]),
        *_codes(found["codes"]), *_labels("Labels", found["labels"]),
        *([] if found["diseases"] is None else _labels("Diseases", found["diseases"])),
        *_quality(found), *_pairs("Duplicates", _duplicates(found["duplicates"]),
                                  "Recordings that are the same in every sample, to the microvolt."),
        *_leakage(found["leakage"])]
    return ('<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src \'unsafe-inline\'">'
            f"<title>Audit of {name}</title><style>{_STYLE}</style></head>\n<body>\n" + "\n".join(body)
            + "\n</body></html>\n")


def _counts(found: Mapping[str, Any]) -> list[str]:
    counts = dict(found["counts"])
    of_patient = counts.pop("recordings of a patient")
    return ["<h2>Counts</h2>", _table(("", "number"), counts.items()),
            bars("Recordings of a patient: how many patients have so many", of_patient)]


def _problems(problems: Mapping[str, Any]) -> list[str]:
    head = "<h2>Malformed rows and recordings</h2>"
    if not problems["total"]:
        return [head, '<p class="good">None: every field of every row could be read, and no header contradicts it.</p>']
    shown = len(problems["places"])
    first = f" The first {shown} are listed." if shown < problems["total"] else ""
    return [head, f'<p class="bad">{problems["total"]} places.{first}</p>',
            _table(("file", "field", "what is wrong", "places"),
                   [(kind["file"], kind["field"], kind["text"], kind["count"]) for kind in problems["kinds"]]),
            "<details><summary>Each place</summary>",
            _table(("file", "row", "field", "what is wrong"),
                   [(one["file"], one["row"], one["field"], one["text"]) for one in problems["places"]]), "</details>"]


def _ages(found: Mapping[str, Any]) -> list[str]:
    ages, rows = found["ages"], sum(found["sex"].values())
    spread = [(name, round(days)) for name, days in ages["days"].items()]
    return ["<h2>Ages and sex</h2>", bars("Recordings in each band of ages", ages["bands"], of=rows),
            histogram("Recordings by completed years", {int(year): count for year, count in ages["years"].items()},
                      "age in years"),
            _table(("age", "days"), spread), _table(("sex", "recordings"), found["sex"].items())]


def _leads(leads: Mapping[str, Any]) -> list[str]:
    lines = ["<h2>Leads, rate and length</h2>", bars("Recordings that hold each lead", leads["names"]),
             stacked("Number of leads at each age", leads["by age"])]
    for name, title in (("in the table", "leads, as the table says"), ("in the signals", "leads in the signals"),
                        ("rate_hz", "samples a second"), ("seconds", "length")):
        if leads[name]:
            lines.append(_table((title, "recordings"), leads[name].items()))
    return lines


def _codes(codes: Mapping[str, Any]) -> list[str]:
    lines = ["<h2>Codes</h2>", *_code_table(codes), bars("Most frequent statements", codes["most frequent"])]
    if unknown := codes.get("codes that the codebook does not hold"):
        lines.append(f'<p class="bad">Not in the codebook: {_text(", ".join(unknown))}</p>')
    if diagnoses := codes.get("diagnoses"):
        lines += ["<h3>ICD-10</h3>", *_code_table(diagnoses),
                  bars("Most frequent diagnoses", diagnoses["most frequent"])]
    return lines


def _code_table(codes: Mapping[str, Any]) -> list[str]:
    return [_table(("", "number"), [(name, value) for name, value in codes.items() if isinstance(value, int)])]


def _labels(title: str, labels: Mapping[str, Any]) -> list[str]:
    bands = [name for name in labels["recordings"] if name != "all"]
    rows = [(label["name"], label["code"], label["present"], label["open"],
             *(label["by age"][band] for band in bands)) for label in labels["labels"]]
    groups = [(_group_text(group), None, group["present"], None) for group in labels["groups"]]
    return [f"<h2>{title}: profile {_text(labels['profile'])}</h2>",
            "<p>Recordings with each label, those of which the codes leave it open, and how many have it at each age: "
            "with fewer than 50 at an age the application says so beside a prediction.</p>",
            '<div class="wide">', _table(("", "code", "present", "open", *bands),
                                         [*rows, ("all recordings", None, labels["recordings"]["all"], None,
                                                  *(labels["recordings"][band] for band in bands)), *groups]), "</div>"]


def _group_text(group: Mapping[str, Any]) -> str:
    count = len(group["codes"])
    return f"any of the {count}" if group["name"] == WHOLE_PROFILE else (
        f"any of the group {group['name'].replace('_', ' ')} ({count})")


def _quality(found: Mapping[str, Any]) -> list[str]:
    quality, read = found["quality"], found["counts"]["recordings read"]
    flags = {_FLAGS[code]: count for code, count in quality["flags"].items()}
    lines = ["<h2>Quality</h2>", bars("Flagged in the signals", {**flags, "without a flag": quality["without a flag"]},
                                      of=read),
             ranges("Size of each lead: 5, 25, 50, 75 and 95 % of the recordings, median told", quality["swing_mv"],
                    "mV")]
    if quality["indices of the table"] is not None:
        lines.append(_table(("index of the table", "filled", "of", "5 %", "median", "95 %"), [
            (name, entry["filled"], entry["of"], *(entry.get(at, "") for at in ("p5", "p50", "p95")))
            for name, entry in quality["indices of the table"].items()]))
    return lines


def _duplicates(found: Mapping[str, Any]) -> dict[str, Any]:
    rows = "; ".join(" and ".join(map(str, group)) for group in found["rows"])
    return {**{name: value for name, value in found.items() if name != "rows"},
            **({"rows of the table (the first 20 groups)": rows} if rows else {})}


def _leakage(found: Mapping[str, Any]) -> list[str]:
    counts = {name: value for name, value in found.items() if isinstance(value, int)}
    lines = _pairs("Leakage", counts, "A split of recordings that forgets whose they are puts the same person into "
                   "training and test. This package splits by patient; published folds are checked here.")
    if "recordings of each fold" in found:
        lines.append(bars("Recordings of each published fold", found["recordings of each fold"]))
    return lines


def _pairs(title: str, pairs: Mapping[str, Any], about: str) -> list[str]:
    return [f"<h2>{title}</h2>", f"<p>{about}</p>", _table(("", "number"), pairs.items())]


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    given = [list(row) for row in rows]
    words = [any(isinstance(row[place], str) for row in given if place < len(row)) for place in range(len(head))]
    lines = ["".join(_cell(cell, "td", text=text) for cell, text in zip(row, words, strict=False)) for row in given]
    return ("<table><thead><tr>" + "".join(_cell(name, "th", text=text) for name, text in zip(head, words, strict=True))
            + "</tr></thead><tbody>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</tbody></table>")


def _cell(value: Any, tag: str, *, text: bool) -> str:
    """A column with words in it stands to the left, one of numbers to the right."""
    shown = "" if value is None else f"{value:,}" if isinstance(value, int) else _text(value)
    return f'<{tag} class="text">{shown}</{tag}>' if text else f"<{tag}>{shown}</{tag}>"


def _text(value: Any) -> str:
    return escape(str(value))
