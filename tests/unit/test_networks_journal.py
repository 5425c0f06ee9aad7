"""The pediatric journal's networks: an age that may be unknown, and a hybrid that reads its measurements."""

import dataclasses
import json

import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")
torch.set_num_threads(1)

from peace_model.datasets.measured_columns import row_of  # noqa: E402
from peace_model.ecg.leads import STANDARD_12  # noqa: E402
from peace_model.ecg.measurement.catalogue import catalogue  # noqa: E402
from peace_model.networks.age_aware import AgeAware, AgeAwareConfig, fresh_age_aware  # noqa: E402
from peace_model.networks.hybrid import COLUMNS, Column, Hybrid, HybridConfig, fresh_hybrid  # noqa: E402

NAN = float("nan")
THREE = (Column("qrs_ms"), Column("r_v6_mv", ("V6",)), Column("rule_qrs_wide"))


def ecg(count: int, *, seed: int = 1) -> "dict[str, torch.Tensor]":
    return {"signal": torch.randn(count, 12, 200, generator=torch.Generator().manual_seed(seed)),
            "lead_mask": torch.ones(count, 12), "valid_samples": torch.full((count,), 200)}


def hybrid(columns: tuple[Column, ...] = THREE) -> Hybrid:
    model = fresh_hybrid(HybridConfig("xresnet1d_tiny", 3, columns=columns), seed=1).eval()
    model.standardise(torch.tensor([[80.0, 1.0, 0.0], [100.0, 3.0, 1.0], [NAN, 2.0, NAN]]))
    return model


def age_aware() -> AgeAware:
    return fresh_age_aware(AgeAwareConfig("xresnet1d_tiny", 3), seed=1).eval()


@torch.inference_mode()
def said(model: "torch.nn.Module", ages: list[float], **more: "torch.Tensor") -> "torch.Tensor":
    given = {key: value[:1].expand(len(ages), *value.shape[1:]) for key, value in ecg(1).items()}
    return model(**{**given, **more}, age_days=torch.tensor(ages))[0]


def test_every_age_and_the_unknown_one_say_something_else() -> None:
    found = said(age_aware(), [0.0, 20.0, 400.0, 4000.0, 20000.0, NAN])
    assert found.isfinite().all()
    assert len(found.unique(dim=0)) == 6


def test_an_unknown_age_is_no_age_in_its_place() -> None:
    """The journal took five years for every unknown age, and zero days would be no better."""
    found = said(age_aware(), [NAN, NAN, 5 * 365.25, 0.0])
    assert torch.equal(found[0], found[1])
    assert not torch.allclose(found[0], found[2])
    assert not torch.allclose(found[0], found[3])


def test_some_ages_are_dropped_in_training_so_that_the_unknown_one_is_learnt() -> None:
    model = age_aware().train()
    torch.manual_seed(3)
    model.age(torch.full((200,), 100.0)).sum().backward()
    gradient = model.age.bands.weight.grad
    assert gradient is not None
    used = gradient.abs().sum(dim=1).nonzero().flatten().tolist()
    assert used == [3, len(gradient) - 1]


def test_a_hybrid_never_reads_without_measurements() -> None:
    with pytest.raises(ValueError, match="never zeros in their place"):
        said(hybrid(), [NAN])


def test_a_hybrid_hears_its_measurements_and_its_rules() -> None:
    """The journal's hybrid got zeros for every rule, in training, in evaluation and in use."""
    rows = torch.tensor([[80.0, 1.0, 0.0], [140.0, 1.0, 0.0], [80.0, 1.0, 1.0], [80.0, 2.5, 0.0]])
    found = said(hybrid(), [NAN] * 4, measured=rows)
    assert len(found.unique(dim=0)) == 4


def test_what_is_missing_is_neither_the_mean_nor_zero() -> None:
    model = hybrid()
    mean = float(model.mean[0])
    rows = torch.tensor([[NAN, 1.0, 0.0], [mean, 1.0, 0.0], [0.0, 1.0, 0.0]])
    found = said(model, [NAN] * 3, measured=rows)
    assert found.isfinite().all()
    assert len(found.unique(dim=0)) == 3


def test_a_measurement_of_a_lead_that_is_not_given_is_missing() -> None:
    mask = torch.ones(3, 12)
    mask[:, STANDARD_12.index("V6")] = 0
    rows = torch.tensor([[80.0, 1.0, 0.0], [80.0, 2.9, 0.0], [80.0, NAN, 0.0]])
    found = said(hybrid(), [NAN] * 3, measured=rows, lead_mask=mask)
    assert torch.equal(found[0], found[1])
    assert torch.equal(found[0], found[2])


def test_the_mask_of_leads_is_read_beside_the_signal() -> None:
    model, rows = hybrid(), torch.tensor([[80.0, NAN, 0.0]] * 2)
    mask = torch.ones(2, 12)
    mask[1, STANDARD_12.index("V4")] = 0
    found = said(model, [NAN] * 2, measured=rows, lead_mask=mask, signal=torch.zeros(2, 12, 200))
    assert not torch.equal(found[0], found[1])


def test_standardisation_leaves_out_what_is_missing_and_goes_with_the_weights() -> None:
    model = hybrid()
    assert model.mean.tolist() == pytest.approx([90.0, 2.0, 0.5])
    assert model.spread.tolist() == pytest.approx([10.0, (2 / 3) ** 0.5, 0.5])
    other = fresh_hybrid(model.config, seed=2)
    other.load_state_dict(model.state_dict())
    assert torch.equal(other.mean, model.mean)
    model.standardise(torch.full((4, 3), NAN))
    assert (model.mean.tolist(), model.spread.tolist()) == ([0.0] * 3, [1.0] * 3)


def test_its_columns_are_measured_by_this_package() -> None:
    names = {quantity.name for quantity in catalogue(())}
    for column in COLUMNS:
        name = column.name.removesuffix("_cos").removesuffix("_sin")
        assert name in names or name.startswith("rule_")
        for part in name.split("_"):
            assert part.upper() not in {"V1", "V3", "V5", "V6"} or part.upper() in column.leads


def test_a_configuration_survives_its_file() -> None:
    config = HybridConfig("xresnet1d_tiny", 3)
    assert HybridConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    with pytest.raises(ValueError, match="no leads named V9"):
        dataclasses.replace(config, columns=(Column("r_v9_mv", ("V9",)),))


def test_columns_are_numbers_rules_and_parts_of_angles_and_nothing_is_guessed() -> None:
    entry = {"values": {"qrs_axis_deg": -90.0, "qrs_ms": 88.0}, "rules": {"qrs_wide": 1, "pr_long": None}}
    names = ("qrs_ms", "qrs_axis_deg_sin", "rule_qrs_wide", "rule_pr_long", "pr_ms", "p_axis_deg_cos", "rule_none")
    found = row_of(entry, names)
    assert found[:3].tolist() == pytest.approx([88.0, -1.0, 1.0])
    assert torch.isnan(torch.from_numpy(found[3:])).all()
    assert torch.isnan(torch.from_numpy(row_of({"dropped": "why"}, names))).all()
