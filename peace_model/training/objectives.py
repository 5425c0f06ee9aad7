"""The losses of a batch: labels and statements from the ECG, knowledge and alignment from the text, teachers."""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from peace_model.networks.ecg_network import EcgNetwork, Encoded
from peace_model.networks.peace import Peace
from peace_model.training.abnormality_task import AbnormalityLoss
from peace_model.training.batch import Batch
from peace_model.training.config import TrainConfig, TrainingError
from peace_model.training.losses import lsbc, masked_bce
from peace_model.training.parallel import gathered

KNOWLEDGE = ("know", "align")
TAUGHT = ("distill", "distill_statements")


class Objective:
    """Computes the losses that the settings weigh, and no others.

    teachers: networks in evaluation mode with the same labels (and statements, where those are distilled); the student
    follows the mean of their probabilities on the same augmented batch (Hinton et al., 2015).
    abnormalities: the loss of the head for them, where they are learnt.
    Raises TrainingError when a loss is asked for and there is nothing to compute it from.
    """

    def __init__(self, config: TrainConfig, teachers: Sequence[EcgNetwork] = (), *,
                 abnormalities: AbnormalityLoss | None = None) -> None:
        if bool(teachers) != any(name in config.weights for name in TAUGHT):
            raise TrainingError("weights.distill or weights.distill_statements and teachers go together")
        if (abnormalities is not None) != ("abnormalities" in config.weights):
            raise TrainingError("weights.abnormalities and a context that holds abnormalities go together")
        self.config = config
        self.teachers = tuple(teachers)
        self.abnormalities = abnormalities

    def __call__(self, model: EcgNetwork, batch: Batch) -> dict[str, Tensor]:
        wanted = self.config.weights
        encoded = model.encode(batch.signal, batch.lead_mask, batch.valid_samples)
        if self.abnormalities is not None:
            said = self.abnormalities(model, encoded, batch)
            if "label" not in wanted:
                return {"abnormalities": said}
        logits = gathered(model.read_ecg(encoded, batch.age_days, batch.beside)[0].float())
        parts = {"label": masked_bce(logits, batch.targets, weights=batch.weights, known=batch.known)}
        if self.abnormalities is not None:
            parts["abnormalities"] = said
        statements = None
        if "statements" in wanted or "distill_statements" in wanted:
            statements = gathered(model.read_statements(encoded).float())
        if statements is not None and "statements" in wanted:
            parts["statements"] = functional.binary_cross_entropy_with_logits(statements, batch.statements)
        if any(name in wanted for name in KNOWLEDGE):
            if not isinstance(model, Peace):
                raise TrainingError("weights.know and weights.align: this network has no text")
            parts |= self._knowledge(model, encoded, batch)
        if self.teachers:
            taught, taught_statements = self._taught(batch, with_statements="distill_statements" in wanted)
            if "distill" in wanted:
                parts["distill"] = functional.binary_cross_entropy_with_logits(logits, taught)
            if statements is not None and taught_statements is not None:
                parts["distill_statements"] = functional.binary_cross_entropy_with_logits(
                    statements, taught_statements)
        return parts

    def _knowledge(self, model: Peace, encoded: Encoded, batch: Batch) -> dict[str, Tensor]:
        """The labels read from their own descriptors, and descriptors against ECGs.

        Where recordings were mixed, what is said is said of the labels that outweigh.
        """
        present = ((batch.targets >= 0.5) & (batch.known > 0)).float()
        # Recordings with the same labels have the same axis tokens: each combination is read once.
        combinations, index = present[batch.share].unique(dim=0, return_inverse=True)
        tokens = model.axis_tokens(combinations)
        parts = {}
        if "know" in self.config.weights:
            read = gathered(model.read_knowledge(tokens).float()[index])
            parts["know"] = masked_bce(read, present, weights=batch.weights, known=batch.known)
        if "align" in self.config.weights:
            ecg = gathered((model.align_ecg(encoded) / model.temperature).float())
            said = gathered(model.align_knowledge(tokens).float()[index])
            parts["align"] = lsbc(ecg @ said.T, present, self.config.align)
        return parts

    @torch.no_grad()
    def _taught(self, batch: Batch, *, with_statements: bool) -> tuple[Tensor, Tensor | None]:
        """Mean probabilities of the teachers: (B, C), and (B, S) where asked for."""
        labels, statements = [], []
        for teacher in self.teachers:
            encoded = teacher.encode(batch.signal, batch.lead_mask, batch.valid_samples)
            labels.append(teacher.read_ecg(encoded, batch.age_days)[0].float().sigmoid())
            if with_statements:
                statements.append(teacher.read_statements(encoded).float().sigmoid())
        said = gathered(torch.stack(statements).mean(dim=0)) if statements else None
        return gathered(torch.stack(labels).mean(dim=0)), said
