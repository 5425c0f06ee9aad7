"""peace-model ablate: a declared grid and a store -> results cell by cell, and one table."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from peace_model.datasets.store import Store
    from peace_model.evaluation.ablation.grid import Grid
    from peace_model.evaluation.ablation.run import Clock
    from peace_model.evaluation.ablation.workshop import Workshop
    from peace_model.training.log import Moment

ABOUT = "Run a declared grid of controls and write its table; stop it at any time and go on with --resume."
TABLE, CARD = "table", "card"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--grid", type=Path, required=True, help="file that declares the cells (resources/ablation/)")
    parser.add_argument("--store", type=Path, required=True, help="prepared PTB-XL")
    parser.add_argument("--context", type=Path, metavar="FOLDER",
                        help="clinical context of the store's recordings, for a grid of proxy T or J")
    parser.add_argument("--out", type=Path, required=True, help="folder: cells/, models/, table.md, table.json")
    parser.add_argument("--resume", action="store_true", help="go on with the missing cells and half-trained networks")
    parser.add_argument("--only", default="", metavar="A,B", help="run these proxies only; the table shows all")
    parser.add_argument("--budget-minutes", type=float, help="stop after so long, at a checkpoint")
    parser.add_argument("--bundle", type=Path, help="folder of the shipped bundle: adds proxies E and F to the table")
    parser.add_argument("--card", type=Path, metavar="FOLDER", help="write the table there too: card.md, card.json")
    parser.add_argument("--table-only", action="store_true", help="run nothing, write the table of what there is")
    parser.add_argument("--replicates", type=int, default=1000, help="bootstraps of patients (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=42, help="of the bootstrap (default: %(default)s)")
    parser.add_argument("--device", default="cpu", help="where networks are trained (default: %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="of torch (default: %(default)s)")


def run(arguments: argparse.Namespace) -> None:
    import json

    import torch

    from peace_model.commands import UsageError
    from peace_model.datasets.store import open_store
    from peace_model.evaluation.ablation.grid import PROXIES, load_grid
    from peace_model.evaluation.ablation.markdown import page
    from peace_model.evaluation.ablation.run import Clock, TimeSpent, run_cells
    from peace_model.evaluation.ablation.table import build_table
    from peace_model.evaluation.proxies.bench import Bench

    only = tuple(name for name in arguments.only.split(",") if name)
    if unknown := [name for name in only if name not in PROXIES]:
        raise UsageError(f"--only {unknown[0]}: the grid's proxies are {', '.join(PROXIES)}")
    torch.set_num_threads(arguments.threads)
    grid = load_grid(arguments.grid)
    if not arguments.table_only:
        clock = Clock(None if arguments.budget_minutes is None else 60 * arguments.budget_minutes)
        workshop = _workshop(grid, arguments, clock)
        store = open_store(arguments.store, grid.profile)
        bench = Bench(grid, store, workshop, arguments.out)
        try:
            run_cells(bench, data_sha256=_data_sha256(grid, store, arguments.context), resume=arguments.resume,
                      only=only, clock=clock, say=_say)
        except TimeSpent as spent:
            _say(str(spent))
    table = {"command": _command(grid, arguments), **build_table(
        arguments.out, grid, seed=arguments.seed, replicates=arguments.replicates, bundle=arguments.bundle)}
    for folder, name in ((arguments.out, TABLE), (arguments.card, CARD)):
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.json").write_text(
                json.dumps(table, indent=1, allow_nan=False) + "\n", encoding="utf-8")
            (folder / f"{name}.md").write_text(page(table), encoding="utf-8")
    _say(f"{len(grid.cells) - len(table['not_run'])} of {len(grid.cells)} cells in {arguments.out / TABLE}.md")


def _command(grid: "Grid", arguments: argparse.Namespace) -> str:
    """What makes the table again, with no folder of this computer in it."""
    context = " --context CONTEXT" if arguments.context is not None else ""
    bundle = "" if arguments.bundle is None else " --bundle BUNDLE"
    card = "" if arguments.card is None else " --card CARD"
    return (f"peace-model ablate --grid resources/ablation/{grid.name}.json --store STORE{context}{bundle} --out OUT"
            f"{card} --resume --seed {arguments.seed} --replicates {arguments.replicates}")


def _workshop(grid: "Grid", arguments: argparse.Namespace, clock: "Clock") -> "Workshop":
    from peace_model.commands import UsageError
    from peace_model.datasets.context import read_context
    from peace_model.training.arms import ArmWorkshop
    from peace_model.training.journal_arms import JournalWorkshop
    from peace_model.training.transfer_arms import TransferWorkshop

    if bool(grid.transfer or grid.journal) != (arguments.context is not None):
        raise UsageError("--context is needed by a grid of proxy T or J, and by no other")

    def watch(moment: "Moment") -> None:
        clock.check()

    if grid.journal:
        return JournalWorkshop(grid, arguments.context, say=_say, watch=watch, device=arguments.device)
    if not grid.transfer:
        return ArmWorkshop(grid, say=_say, watch=watch, device=arguments.device)
    return TransferWorkshop(grid, read_context(arguments.context), say=_say, watch=watch, device=arguments.device)


def _data_sha256(grid: "Grid", store: "Store", context: Path | None) -> str:
    """Of all that the grid's cells are run on: the store, and the context that they read besides."""
    from peace_model.datasets.context import read_context
    from peace_model.datasets.digests import measured_sha256, store_sha256
    from peace_model.datasets.measured_log import read_measured

    if context is None:
        return store_sha256(store)
    return store_sha256(store, measured_sha256(store, read_measured(context)) if grid.journal
                        else read_context(context).digest())


def _say(line: str) -> None:
    print(line, flush=True)
