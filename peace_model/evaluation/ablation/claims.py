"""What the paper claims, which comparison bears on it, and what the figures say: sentences made from numbers alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from peace_model.evaluation.ablation.compare import Difference
from peace_model.evaluation.ablation.grid import (
    AGE_SHIFT,
    HELD_OUT,
    PLAIN,
    REFERENCE,
    SHARED_LABELS,
    SIMULATED,
    shots_text,
)


@dataclass(frozen=True)
class Claim:
    """A sentence that is true when PEACE beats `other` in this proxy; when `other` beats PEACE if it is turned."""

    proxy: str
    other: str
    text: str
    turned: bool = False


CLAIMS = (
    Claim(SHARED_LABELS, "ecg_only", "Clinical text in training improves classification of the shared labels"),
    Claim(SHARED_LABELS, "random_queries", "Queries made from the labels' names are better than arbitrary queries"),
    Claim(SHARED_LABELS, "shuffled", "It matters that each label is told by its own text"),
    Claim(SHARED_LABELS, "no_lsbc", "The contrastive loss (LSBC) improves classification"),
    Claim(SHARED_LABELS, "no_caf", "The curriculum gate (CAF) is better than a gate that is always open"),
    Claim(SHARED_LABELS, "fused", "Three axes are better than one fused descriptor"),
    Claim(SHARED_LABELS, "age", "Telling the age improves classification", turned=True),
    Claim(AGE_SHIFT, "ecg_only", "Clinical text helps to carry a model to a younger population"),
    Claim(AGE_SHIFT, "shuffled", "It matters for carrying over that each label is told by its own text"),
    Claim(AGE_SHIFT, "dann", "PEACE carries over better than adversarial domain adaptation (DANN)"),
    Claim(AGE_SHIFT, "mmd", "PEACE carries over better than domain adaptation by MMD"),
    Claim(AGE_SHIFT, "age", "Telling the age helps to carry a model to a younger population",
          turned=True),
    Claim(HELD_OUT, "nearest", "A label never trained is found by its own text better than by the nearest label"),
    Claim(HELD_OUT, "shuffled", "A label never trained is found by its own text better than by another label's text"),
    Claim(HELD_OUT, "random", "A label never trained is found by its own text better than by an arbitrary query"),
)

CANNOT = {
    SHARED_LABELS: "Proxy A cannot say anything of children, nor be set against the paper's 96.90: other split, other "
                   "rate, no pretraining on MIMIC-IV-ECG, a much smaller network.",
    AGE_SHIFT: "Proxy B is a shift between adults (40 years and over to 18-34): it cannot say anything of pediatric "
               "transfer, of rare labels, or of a true 50-shot macro average. An adapted network stands only where "
               "the target's choosing part, in which few labels have ten positives, preferred it to the source "
               "network.",
    HELD_OUT: "Proxy C asks for labels that were never trained, in the same population: it is not the paper's "
              "zero-shot test, which asks for trained labels in a new population.",
    SIMULATED: "Proxy G is simulated: adults' recordings edited by known amounts. It shows how a model responds to a "
               "known shift and whether it uses age; it supports no statement on children.",
}

CANNOT_SHIPPED = (
    "Proxy E (LUDB) is one small set of other adults: it cannot say anything of thresholds or calibration, whose "
    "definitions differ there, of few-shot learning, or of children.",
    "Proxy F (under 18) is mostly healthy teenagers: it cannot say anything of sensitivity, of macro averages, of "
    "infants or of sick children.",
)


def verdict(found: Difference) -> str:
    """One of five words for where the two intervals lie."""
    low, high = found.patients.low, found.patients.high
    over, under = low > 0, high < 0
    seeds_over = found.seeds.low is not None and found.seeds.low > 0
    seeds_under = found.seeds.high is not None and found.seeds.high < 0
    if over and seeds_over:
        return "supported"
    if under and seeds_under:
        return "contradicted"
    if over or under:
        return "supported over patients only" if over else "contradicted over patients only"
    return "not shown"


def harmed(arm: str, found: Mapping[str, Difference]) -> str:
    """What a domain adaptation below the plain network leaves of PEACE's lead over it. found: by shots, the arm minus
    the plain network."""
    where = "; ".join(f"N = {shots}: {apart.patients.value:+.4f}, {apart.patients.low:+.4f} to "
                      f"{apart.patients.high:+.4f} over patients" for shots, apart in found.items())
    return (f"Proxy {AGE_SHIFT}: {arm} is below {PLAIN}, which learnt from no unlabelled target recordings ({where}): "
            "this adaptation, at one weight that was not tuned, did harm here, and PEACE's lead over it says nothing "
            "of the text.")


def none_kept(arm: str, cells: int, *, shots: int) -> str:
    """In place of a claim between two arms of which no adaptation stands."""
    return (f"Proxy {AGE_SHIFT} (N = {shots_text(shots)}): no adaptation of {REFERENCE} or of {arm} was kept in "
            f"{cells} cells of each; the figures are those of N = 0 and no evidence on few shots.")


def all_labelled(arm: str, mean: float, source: float) -> str:
    """What adapting with every labelled target recording made of an arm, means in macro AUROC."""
    return (f"Proxy {AGE_SHIFT}: {arm} adapted with every labelled target recording has {mean:.4f}, without any "
            f"{source:.4f}.")


def sentence(claim: Claim, found: Difference | None, *, shots: int | None = None) -> str:
    """The claim, its verdict and the figures behind it. found: PEACE minus the claim's other arm."""
    where = "" if shots is None else f" (N = {shots_text(shots)})"
    head = f"Proxy {claim.proxy}{where}: {claim.text}"
    arms = (claim.other, REFERENCE) if claim.turned else (REFERENCE, claim.other)
    if found is not None and claim.turned:
        found = found.turned()
    return judged(head, found, arms=f"{' minus '.join(arms)}: ")


def p_text(p: float) -> str:
    return "< 0.001" if p < 0.0005 else f"= {p:.3f}"


def judged(head: str, found: Difference | None, *, arms: str = "") -> str:
    """What is claimed, its verdict and the figures behind it. found: of the arm that should be better minus the other.

    arms: stands before the figures where the head does not name them.
    """
    if found is None:
        return f"{head}: not tested, cells of at least one of the two were not run."
    interval, seeds = found.patients, found.seeds
    over = "nothing over seeds" if seeds.low is None or seeds.high is None or seeds.p is None else (
        f"over {len(seeds.values)} seeds {seeds.low:+.4f} to {seeds.high:+.4f} (t, p {p_text(seeds.p)})")
    return (f"{head}: {verdict(found)} here. {arms}{interval.value:+.4f} macro AUROC, 95 % over patients "
            f"{interval.low:+.4f} to {interval.high:+.4f}, {over}.")
