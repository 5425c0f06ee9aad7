"""peace-model bench: a table of recordings a second, for choosing a network and planning a run."""

import argparse

ABOUT = "Measure how many recordings a second networks train on and answer for on this machine."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--recipe", default="pretrain",
                        help="its losses, crop and profile are used (default: %(default)s)")
    parser.add_argument("--networks", type=_words, default=["peace", "ecg_only"], help="default: peace,ecg_only")
    parser.add_argument("--encoders", type=_words,
                        default=["resnet1d_pyramid", "resnet1d_plain", "resnet1d_small_pyramid", "xresnet1d_256"],
                        help="default: those of our recipes and of the first bundle")
    parser.add_argument("--batches", type=lambda text: [int(word) for word in _words(text)], default=[1, 16, 64],
                        help="default: 1,16,64")
    parser.add_argument("--fs", type=float, default=100.0, dest="fs_hz", help="samples a second (default: 100)")
    parser.add_argument("--rounds", type=int, default=3, help="the median over so many is told (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=0.5, help="of each measurement in a round (default: 0.5)")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    parser.add_argument("--device", default="cpu", help="default: %(default)s")
    parser.add_argument("--threads", type=int, default=1, help="default: %(default)s")


def run(arguments: argparse.Namespace) -> None:
    import dataclasses

    import torch

    from peace_model.commands import UsageError
    from peace_model.commands.progress import progress_bar
    from peace_model.labels import load_profile
    from peace_model.networks.encoders import ENCODERS
    from peace_model.training.recipe import PaperRecipe, read_recipe
    from peace_model.training.runs import KINDS
    from peace_model.training.speed import measure_rates, rates_table

    for given, known, what in ((arguments.networks, KINDS, "network"), (arguments.encoders, ENCODERS, "encoder")):
        for name in given:
            if name not in known:
                raise UsageError(f"no {what} named {name}; there are {', '.join(known)}")
    if min(*arguments.batches, arguments.rounds) < 1:
        raise UsageError("--batches and --rounds must be at least 1")
    recipe = read_recipe(arguments.recipe)
    if isinstance(recipe, PaperRecipe):
        raise UsageError(f"the recipe {recipe.name} has several trainings; name another")
    torch.set_num_threads(arguments.threads)
    config = dataclasses.replace(recipe.training, precision=arguments.precision)
    window_s = config.augment.crop_s or 10.0
    print(f"windows of {window_s:g} s at {arguments.fs_hz:g} Hz, {arguments.device}, {arguments.threads} thread(s), "
          f"{arguments.precision}, torch {torch.__version__}; recordings a second, median of {arguments.rounds} "
          "rounds; x: against the first network at this batch")
    print(rates_table(measure_rates(
        arguments.networks, arguments.encoders, arguments.batches,
        labels=load_profile(recipe.data.profile).codes, fs_hz=arguments.fs_hz, window_s=window_s, config=config,
        rounds=arguments.rounds, seconds=arguments.seconds, device=arguments.device,
        progress=progress_bar("measurements"))))


def _words(text: str) -> list[str]:
    return [word for word in text.split(",") if word]
