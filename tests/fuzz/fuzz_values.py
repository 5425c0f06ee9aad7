"""Values for fields, drawn by hypothesis: extreme ones, and such as stand there."""

from fuzz_damage import EXTREMES
from hypothesis import strategies as st

TEXTS = st.one_of(
    st.sampled_from(EXTREMES), st.text(max_size=20), st.floats().map(repr), st.integers().map(str),
    st.integers(-3, 3).map(str), st.sampled_from(["I", "II", "V1", "aVR", "X", "mV", "uV", "500", "1000", "16"]))
INTS = st.one_of(st.sampled_from([0, 1, -1, 2, 255, 256, 32767, -32768, 65535, 2**31 - 1, -2**31, 2**32 - 1]),
                  st.integers(-40, 40), st.integers())
