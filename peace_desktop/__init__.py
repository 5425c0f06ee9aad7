"""PEACE Desktop: offline review of children's ECGs. Research use only."""

# On Windows onnxruntime must be loaded before Qt, or its DLL fails to initialise (microsoft/onnxruntime#16116).
import onnxruntime as _onnxruntime  # noqa: F401

__version__ = "0.1.0"
