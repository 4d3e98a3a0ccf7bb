"""Labels that are likely wrong, ranked, with the evidence; one subject a file."""

from goldsmith.quality.suspects.classifiers import joined
from goldsmith.quality.suspects.evidence import Said, Suspect, Suspects
from goldsmith.quality.suspects.ranking import label_errors, suspect_answers, suspect_labels

__all__ = [
    "Said",
    "Suspect",
    "Suspects",
    "joined",
    "label_errors",
    "suspect_answers",
    "suspect_labels",
]
