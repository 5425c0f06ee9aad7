"""One small run in a process of its own, for tests that kill it or start two of it: FOLDER [STEP].

Prints the step behind it, waits for ever at STEP so that a test can strike there, and leaves each process's gate in the
folder.
"""

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn
from training_store import thirds, two_kinds

from peace_model.datasets.augment import AugmentConfig
from peace_model.networks.building import fresh_peace
from peace_model.networks.label_query_network import LqnConfig
from peace_model.networks.peace import PeaceConfig
from peace_model.training.config import TrainConfig
from peace_model.training.log import Moment
from peace_model.training.loop import train
from peace_model.training.objectives import Objective
from peace_model.training.parallel import joined, processes, rank
from peace_model.training.run_state import RunState

CONFIG = TrainConfig(
    epochs=4, batch=16, rate=5e-3, weights={"label": 1.0, "statements": 1.0, "know": 0.5, "align": 0.5},
    augment=AugmentConfig(crop_s=3.0, mixup=0.2), checkpoint_steps=3, choose_least=1)
STEPS = 16
NETWORK = PeaceConfig(encoder="xresnet1d_tiny", lqn=LqnConfig(width=32, layers=1, heads=2, feed_forward=32),
                      align_width=16, statements=3)


def small_run(
    folder: Path, *, config: TrainConfig = CONFIG, stop_after: int | None = None, dropout: bool = True,
    say: Callable[[str], None] = lambda line: None, watch: Callable[[Moment], None] = lambda moment: None,
) -> RunState:
    """dropout: its masks are drawn by each process for its own share, so several processes cannot repeat those of
    one."""
    store = two_kinds()
    model = fresh_peace(NETWORK, store.labels, seed=1)
    for module in model.modules():
        if isinstance(module, nn.Dropout) and not dropout:
            module.p = 0.0
    return train(model, Objective(config), store, thirds(store), config, folder, about={"kind": "peace"},
                 stop_after=stop_after, say=say, watch=watch)


def run_and_tell(folder: Path, watch: Callable[[Moment], None] = lambda moment: None) -> None:
    """The run in one of as many processes as the environment says."""
    with joined():
        run = small_run(folder, dropout=processes() == 1, watch=watch)
        (folder / f"gate{rank()}.json").write_text(json.dumps(run.gate.state_dict()), encoding="utf-8")


def main(folder: Path, wait_at: int | None = None) -> None:
    torch.set_num_threads(1)

    def tell(moment: Moment) -> None:
        print(moment.step, flush=True)
        if moment.step == wait_at:
            threading.Event().wait()

    run_and_tell(folder, tell)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
