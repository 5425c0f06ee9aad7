"""What makes a bundle the beginning of another training: the network it was made of, beside its graph.

The graph holds queries that are worked out and norms that are folded, so nothing can be learnt from it on. The folder
`best` holds the whole network as a run keeps it, its matrices in the 16 bits in which the graph stores them.
"""

from pathlib import Path

import torch

from peace_model.training.checkpoint import load_checkpoint, save_checkpoint
from peace_model.training.run_state import BEST
from peace_model.training.runs import OF_RUN, digest_of


def put_start(run: Path, bundle: Path) -> None:
    """Write the run's best network into the bundle's folder, so that `--init BUNDLE` begins with it, and the SHA-256 of
    the weights it had in the run: by it the bundle knows its own.

    Raises CheckpointError when the run has none.
    """
    tensors, state = load_checkpoint(run / BEST)
    halved = {name: value.half() if value.dtype == torch.float32 and value.ndim >= 2 else value
              for name, value in tensors.items()}
    save_checkpoint(bundle / BEST, halved, {**{name: value for name, value in state.items() if name != "format"},
                                            OF_RUN: digest_of(run)})
