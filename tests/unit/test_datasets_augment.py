"""Augmentation changes what a recorder may change, and nothing that a diagnosis rests on."""

import numpy as np

from peace_model.datasets.augment import AugmentConfig, augment

NOTHING = AugmentConfig(crop_samples=0, gain=0, wander_sd=0, drop_precordial=0, drop_lead=0)


def windows(count: int = 200) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    signal = np.random.default_rng(0).normal(size=(count, 12, 1000)).astype(np.float32)
    return signal, np.ones((count, 12), np.float32), np.full(count, 1000)


def test_switched_off_it_changes_nothing() -> None:
    signal, mask, valid = windows(4)
    out, out_mask, out_valid = augment(signal, mask, valid, NOTHING, fs_hz=100, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(out, signal)
    np.testing.assert_array_equal(out_mask, mask)
    np.testing.assert_array_equal(out_valid, valid)


def test_a_crop_is_a_piece_of_the_signal_at_its_own_rate() -> None:
    signal, mask, valid = windows(8)
    config = AugmentConfig(crop_samples=300, gain=0, wander_sd=0, drop_precordial=0, drop_lead=0)
    out, _, out_valid = augment(signal, mask, valid, config, fs_hz=100, rng=np.random.default_rng(1))
    assert out_valid.tolist() == [300] * 8
    for piece, whole in zip(out, signal, strict=True):
        starts = [s for s in range(701) if whole[0, s] == piece[0, 0]]
        assert any(np.array_equal(whole[:, s: s + 300], piece) for s in starts)


def test_padding_stays_padding() -> None:
    signal, mask, valid = windows(50)
    valid[:] = 350
    signal[:, :, 350:] = 0
    out, _, out_valid = augment(signal, mask, valid, AugmentConfig(), fs_hz=100, rng=np.random.default_rng(1))
    assert (out_valid == 350).all()
    assert not out[:, :, 350:].any()


def test_leads_are_dropped_as_often_as_said_and_masked_leads_are_zero() -> None:
    signal, mask, valid = windows(4000 // 4)
    out, out_mask, _ = augment(signal[:, :, :20], mask, np.full(1000, 20), AugmentConfig(crop_samples=0), fs_hz=100,
                               rng=np.random.default_rng(2))
    dropped = 1 - out_mask.mean(axis=0)
    together = (out_mask[:, [7, 9, 11]] == 0).all(axis=1).mean()
    assert 0.11 < together < 0.19
    assert np.abs(dropped[[0, 3, 6]] - 0.05).max() < 0.03
    assert not out[out_mask == 0].any()


def test_polarity_and_relative_voltages_of_the_leads_stay() -> None:
    signal, mask, valid = windows(20)
    config = AugmentConfig(crop_samples=0, wander_sd=0, drop_precordial=0, drop_lead=0)
    out, _, _ = augment(signal, mask, valid, config, fs_hz=100, rng=np.random.default_rng(3))
    gain = out / signal
    assert (gain > 0.89).all()
    assert (gain < 1.11).all()
    assert np.ptp(gain.reshape(20, -1), axis=1).max() < 1e-3
