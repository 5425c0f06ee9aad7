"""The comparison of two bundles in words and rows: pure functions."""

from collections.abc import Iterator, Mapping

from peace_desktop.jobs.two_bundles import Comparison, Differing, Seen
from peace_desktop.library.records import StoredPrediction
from peace_desktop.review.statistics.intervals import Figure
from peace_desktop.review.statistics.subgroups import ALL
from peace_desktop.review.statistics.two_bundles import FIGURES, TwoBundlesRow
from peace_desktop.review.statistics.two_bundles_document import NamedBundle
from peace_desktop.texts import _, ngettext, pgettext
from peace_desktop.ui.agreement.figure_words import REASONS, figure_name, figure_words, group_words, is_share, p_words
from peace_desktop.ui.status_line import HASH_DIGITS


def bundle_words(bundle: NamedBundle) -> str:
    """A bundle as a head of a column."""
    return f"{bundle.name} {bundle.version}\n{bundle.sha256[:HASH_DIGITS]}"


def summary_words(compared: Comparison) -> str:
    """How many recordings are compared, and what each bundle has seen of them."""
    found = compared.found
    lines = [_("{recordings} recordings of {patients} patients that neither has seen, against the study's reference, "
               "each at its own thresholds. Fewer than {floor} compared recordings, or {each} with or without the "
               "label: n too small.").format(recordings=found.recordings, patients=found.patients,
                                             floor=found.floor.recordings, each=found.floor.each_answer)]
    lines += [_unseen_words(bundle, seen) for bundle, seen in zip(compared.bundles, compared.seen, strict=True)
              if not seen.any]
    if compared.unpredicted:
        lines.append(ngettext("{n} recording has no prediction of one of the two.",
                              "{n} recordings have no prediction of one of the two.", compared.unpredicted).format(
                                  n=compared.unpredicted))
    return "\n".join(lines)


def warning_words(compared: Comparison) -> str:
    """Which bundle has seen recordings of the study, "" when none is known to have."""
    return "\n".join(
        _("{bundle} was trained on {n} of these recordings, or chosen by them, and {more} more are of the same "
          "patients: they are left out of every figure.").format(
              bundle=f"{bundle.name} {bundle.version}", n=seen.recordings, more=seen.of_same_patients)
        for bundle, seen in zip(compared.bundles, compared.seen, strict=True) if seen.any)


def _unseen_words(bundle: NamedBundle, seen: Seen) -> str:
    title = f"{bundle.name} {bundle.version}"
    if seen.listed:
        return _("{bundle} has seen none of these recordings or patients.").format(bundle=title)
    return _("{bundle} lists no recordings of your own that it has seen; it learnt from {data}. If the study's "
             "recordings are among those, its figures are too good.").format(bundle=title, data=bundle.learnt_from)


def figure_heads(compared: Comparison) -> tuple[str, ...]:
    """The columns of the table of figures."""
    return (_("Label"), _("Group"), _("Figure"), _("n"), _("present"), *map(bundle_words, compared.bundles),
            _("difference:\nsecond less first"))


def groupings_of(compared: Comparison) -> tuple[str, ...]:
    """The ways the recordings are divided, in order; the row over all is none."""
    return tuple(dict.fromkeys(row.grouping for row in compared.found.rows if row.grouping != ALL))


def figure_rows(compared: Comparison, names: Mapping[str, str], *, grouping: str = "") -> Iterator[tuple[str, ...]]:
    """Five rows a label: two areas, sensitivity, specificity, and the decisions on which the two differ; the same for
    each group of a grouping.
    """
    for row in compared.found.rows:
        if row.grouping not in (ALL, grouping):
            continue
        where = (names.get(row.label, row.label), group_words(row.grouping, row.group))
        counts = (str(row.recordings), str(row.present))
        for place, name in enumerate(FIGURES):
            cells = (figure_words(row.first[place]), figure_words(row.second[place]),
                     difference_words(row.difference[place])) if row.first else (_("n too small"),) * 3
            yield (*where, figure_name(name), *counts, *cells)
        yield (*where, _("right where the other is wrong"), *counts, str(row.test.lost), str(row.test.gained),
               _test_words(row))


def difference_words(figure: Figure) -> str:
    """A difference with its sign and interval, in percentage points for shares; the reason where it is not there."""
    if figure.value is None or figure.low is None or figure.high is None:
        return figure_words(figure) if figure.value is None else _signed(figure.name, figure.value)
    return (f"{_signed(figure.name, figure.value)} [{_signed(figure.name, figure.low, bare=True)}, "
            f"{_signed(figure.name, figure.high, bare=True)}]")


def _signed(name: str, value: float, *, bare: bool = False) -> str:
    digits, unit = (0, "\N{NARROW NO-BREAK SPACE}%") if is_share(name) else (2, "")
    rounded = round(100 * value if unit else value, digits)
    words = f"{rounded:+.{digits}f}".replace("-", "\N{MINUS SIGN}") if rounded else f"{0:.{digits}f}"
    return words + ("" if bare else unit)


def _test_words(row: TwoBundlesRow) -> str:
    if row.test.p_exact is None:
        return _(REASONS[row.test.reason]) if row.test.reason is not None else ""
    return _("McNemar p {p}").format(p=p_words(row.test.p_exact))


def differing_heads(compared: Comparison) -> tuple[str, ...]:
    """The columns of the list of different decisions."""
    return (_("Recording"), _("Label"), _("Reference"), *map(bundle_words, compared.bundles), "")


def differing_row(item: Differing, names: Mapping[str, str]) -> tuple[str, ...]:
    """One line of that list."""
    return (item.title, names.get(item.label, item.label), _(item.reference.value) if item.reference is not None
            else pgettext("reference", "open"), _decision(item.first), _decision(item.second),
            _("seen in training") if item.seen else "")


def _decision(said: StoredPrediction) -> str:
    decided = _("present") if said.positive else _("absent")
    return _("{decision}: {probability} % (threshold {threshold} %)").format(
        decision=decided, probability=f"{100 * said.probability:.0f}", threshold=f"{100 * said.threshold:.0f}")
