"""Descriptors that a language model proposes: asked for from a prompt, written apart, used only after a review."""

import datetime
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from peace_model.networks.descriptor_bank import AXES, PROPOSAL, REVIEWED, DescriptorError, read_table, text_sha256
from peace_model.networks.language_model import Provider, ask
from peace_model.resources import resource


def prompt_for(names: dict[str, str], template: str) -> str:
    """The prompt with the labels (code -> name) in their place. Raises DescriptorError for a template without it."""
    if template.count("{labels}") != 1:
        raise DescriptorError("the prompt needs {labels} exactly once, where the labels are listed")
    return template.replace("{labels}", "\n".join(f"{code}: {name}" for code, name in names.items()))


def shipped_prompt() -> Path:
    return resource("descriptors", "prompt.md")


def propose(
    names: dict[str, str], prompt_file: Path, provider: Provider, *, model: str | None, base_url: str | None,
    timeout_s: float,
) -> dict[str, Any]:
    """A proposal for labels (code -> name). Raises LanguageModelError without an answer, DescriptorError when it does
    not hold a sentence for every label and axis."""
    prompt = prompt_for(names, prompt_file.read_text(encoding="utf-8"))
    found = read_answer(ask(provider, prompt, model=model, base_url=base_url, timeout_s=timeout_s), tuple(names))
    return {
        "about": "Proposed by a language model. Not reviewed: nothing here may be used before a reviewer has accepted "
                 "it.",
        "status": PROPOSAL,
        "proposed_by": {
            "provider": provider.name, "model": model or provider.model, "date": _today(),
            "prompt": prompt_file.name, "prompt_sha256": hashlib.sha256(prompt.encode()).hexdigest()},
        "axes": list(AXES),
        "labels": {code: {"name": name, **found[code]} for code, name in names.items()},
    }


def read_answer(text: str, codes: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """The sentences of an answer, label by label. Raises DescriptorError naming what is missing or too much."""
    try:
        labels = json.loads(_unfenced(text))["labels"]
        surplus = sorted(set(labels) - set(codes))
        found = {code: {axis: labels[code][axis] for axis in AXES} for code in codes}
    except json.JSONDecodeError as error:
        raise DescriptorError(f"the language model did not answer in JSON ({error}); ask again") from error
    except (KeyError, TypeError) as error:
        raise DescriptorError(f"the language model's answer lacks {error}; ask again") from error
    if surplus:
        raise DescriptorError(f"the language model answered labels that nobody asked for: {', '.join(surplus)}")
    for code, sentences in found.items():
        for axis, sentence in sentences.items():
            if not isinstance(sentence, str) or not sentence.strip():
                raise DescriptorError(f"the language model's answer has no sentence for {code}, {axis}; ask again")
            sentences[axis] = " ".join(sentence.split())
    return found


def accept(file: Path, reviewer: str) -> None:
    """Put a reviewer's name and today's date to the texts as they now stand; a later change needs a new review.

    Raises DescriptorError for a file with missing sentences, or one that no language model proposed.
    """
    if not reviewer.strip():
        raise DescriptorError("a review needs the reviewer's name")
    table, texts = read_table(file)
    if table["status"] not in (PROPOSAL, REVIEWED):
        raise DescriptorError(f"{file.name} is no proposal of a language model; there is nothing to accept")
    table["status"] = REVIEWED
    table["about"] = "Proposed by a language model, read and accepted by the reviewer named below."
    table["review"] = {"reviewer": reviewer.strip(), "date": _today(), "text_sha256": text_sha256(texts)}
    write_table(file, table)


def write_table(file: Path, table: dict[str, Any]) -> None:
    """Whole or not at all."""
    fresh = file.with_name(file.name + ".new")
    fresh.write_text(json.dumps(table, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(fresh, file)


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def _unfenced(text: str) -> str:
    """Without the ``` lines that some models put around JSON."""
    lines = text.strip().splitlines()
    return "\n".join(line for line in lines if not line.startswith("```"))
