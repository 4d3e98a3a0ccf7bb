"""What the answers of annotators, people or programs, say of them; one subject a file."""

from goldsmith.quality.annotators.beliefs import MIN_ANSWERS, MIN_GOLD, Beliefs, beliefs, per_vote
from goldsmith.quality.annotators.collusion import AlikePair, Alikes, alike_annotators
from goldsmith.quality.annotators.drift import Drifts, average_run_length, drifts
from goldsmith.quality.annotators.families import independent_weights
from goldsmith.quality.annotators.newcomers import Newcomer, newcomer_of
from goldsmith.quality.annotators.skill import AnnotatorSkills, Verdict, annotator_skills
from goldsmith.quality.annotators.speed import Speeds, speeds

__all__ = [
    "MIN_ANSWERS",
    "MIN_GOLD",
    "AlikePair",
    "Alikes",
    "AnnotatorSkills",
    "Beliefs",
    "Drifts",
    "Newcomer",
    "Speeds",
    "Verdict",
    "alike_annotators",
    "annotator_skills",
    "average_run_length",
    "beliefs",
    "drifts",
    "independent_weights",
    "newcomer_of",
    "per_vote",
    "speeds",
]
