"""Recordings for properties: noise of every size, and samples on a recorder's own steps with derived leads."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from peace_model.ecg.age import Age, Precision
from peace_model.ecg.formats.limb_leads import with_derived_limb_leads
from peace_model.ecg.leads import FRANK, PEDIATRIC_9, PEDIATRIC_15, STANDARD_12
from peace_model.ecg.recording import DeclaredFilters, Recording, Source, roles_of

ages = st.none() | st.builds(Age, days=st.integers(0, 40_000), precision=st.sampled_from(Precision),
                             origin=st.just("file header"))
lead_sets = st.sampled_from([STANDARD_12, PEDIATRIC_15, PEDIATRIC_9, STANDARD_12 + FRANK, ("V1",)]) | st.permutations(
    PEDIATRIC_15).map(tuple)
rates = st.sampled_from([100.0, 250.0, 360.0, 500.0, 977.5])


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    """Noise of unknown step, now and then with gaps, flat or far too large."""
    leads = draw(lead_sets)
    n_samples = draw(st.integers(1, 400))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    signal = random.normal(scale=draw(st.sampled_from([1e-6, 0.01, 1.0, 30.0, 1e5])), size=(len(leads), n_samples))
    signal[random.random(signal.shape) < draw(st.sampled_from([0.0, 0.1, 1.0]))] = np.nan
    signal[0] *= draw(st.sampled_from([0.0, 1.0]))
    return Recording(
        signal_mv=signal.astype(np.float32), fs_hz=draw(rates), leads=leads, roles=roles_of(leads), age=draw(ages),
        sex=draw(st.sampled_from(["F", "M", None])),
        recorded_at=draw(st.none() | st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))),
        patient_key=draw(st.sampled_from(["", "P00073", "ptbxl-15709"])),
        source=Source(Path("made.hea"), "made", "0" * 64, ()),
        source_statements=draw(st.sampled_from([(), ("Normal ECG",), ("I42.0", "Dx: 59118001")])),
        simulated=draw(st.booleans()))


@st.composite
def recorded(draw: st.DrawFn) -> Recording:
    """Eight leads in a recorder's own steps, far off zero too; the other limb leads derived, filters declared."""
    leads = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    steps = np.array([draw(st.sampled_from([0.005, 0.00125, 0.00488, 0.001, 1 / 33917.33949191686]))] * len(leads))
    digits = random.integers(-1000, 1000, size=(len(leads), draw(st.integers(2, 400)))) + draw(
        st.sampled_from([0, 31_000, -60_000]))
    signal = (digits * steps[:, None]).astype(np.float32)
    if draw(st.booleans()):
        signal[3, :2] = np.nan
    filters = draw(st.sampled_from([DeclaredFilters(), DeclaredFilters(0.05, 150.0, 50.0),
                                    DeclaredFilters(None, 40.0, None)]))
    source = Source(Path("made.xml"), "made", "ab" * 32, (), producer=draw(st.sampled_from(["", "Maker M 1"])),
                    quantum_mv=tuple(map(float, steps)), filters=filters)
    return with_derived_limb_leads(replace(
        draw(recordings()), signal_mv=signal, leads=leads, roles=roles_of(leads), source=source, fs_hz=500.0))
