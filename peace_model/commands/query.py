"""peace-model query: a free text, a recording and a run of PEACE -> a score."""

import argparse
from pathlib import Path

ABOUT = "Experiment: score a free text against a recording with a trained PEACE run. Not calibrated, not validated."
SHOWN = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", help="what to look for, such as 'left axis deviation'")
    parser.add_argument("recording", type=Path, help="file of one recording, as WFDB header or CSV")
    parser.add_argument("--run", type=Path, required=True, dest="folder",
                        help="folder of a PEACE run (a bundle holds no text projection and cannot be asked)")
    parser.add_argument("--encoder", type=Path,
                        help="folder of the text encoder the run was taught with (default: the installed package's)")


def run(arguments: argparse.Namespace) -> None:
    from peace_model.ecg.formats.registry import read_recording
    from peace_model.ecg.signal.pipeline import Pipeline, PipelineSpec
    from peace_model.networks.peace import Peace
    from peace_model.networks.text_query import QueryError, ask_text, embed_text
    from peace_model.training.runs import load_run

    model, state, _ = load_run(arguments.folder)
    if not isinstance(model, Peace):
        raise QueryError(f"{arguments.folder.name} is a run without text; only a PEACE run can be asked")
    labels = tuple(state["labels"])
    given = Pipeline(PipelineSpec.from_dict(state["pipeline"])).prepare(read_recording(arguments.recording))
    answer = ask_text(model, embed_text(model, labels, arguments.text, arguments.encoder), given)
    print("An experiment: the score is neither calibrated nor validated, and no statement about a patient.")
    print(f"{answer.score:.3f}  {arguments.text}  (mean of {len(given.signal)} windows)")
    print("Labels whose names are closest to the text (cosine, score):")
    for index in answer.similarity.argsort()[::-1][:SHOWN]:
        print(f"  {labels[index]:6} {answer.similarity[index]:6.3f} {answer.label_scores[index]:6.3f}")
    print("Labels with the highest scores:")
    for index in answer.label_scores.argsort()[::-1][:SHOWN]:
        print(f"  {labels[index]:6} {'':6} {answer.label_scores[index]:6.3f}")
