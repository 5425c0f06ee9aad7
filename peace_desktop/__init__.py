"""PEACE Desktop: offline review of children's ECGs. Research use only."""

import os

# The matrices here are small: BLAS threads only wait for one another, and on two busy cores that made finding and
# predicting ten times slower. It must be said before numpy is loaded; a value the user set is kept.
for _variable in ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_variable, "1")

# On Windows onnxruntime must be loaded before Qt, or its DLL fails to initialise (microsoft/onnxruntime#16116).
import onnxruntime as _onnxruntime  # noqa: E402, F401

__version__ = "0.1.0"
