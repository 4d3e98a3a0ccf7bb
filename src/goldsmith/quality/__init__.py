"""Numbers only: votes, consensus, agreement, calibration and intervals.

What programs use most can be imported from here, as in `from goldsmith.quality import Auto, read_votes`.
"""

import importlib
from typing import Any, Final

_HOMES: Final = {
    "Aggregator": "consensus",
    "AnnotatorSkills": "annotators",
    "Assay": "assay",
    "Auto": "aggregators.auto",
    "BWA": "aggregators.bwa",
    "Calibration": "calibration",
    "Consensus": "consensus",
    "DawidSkene": "aggregators.dawid_skene",
    "DawidSkeneML": "aggregators.dawid_skene_ml",
    "EBCC": "aggregators.ebcc",
    "FastDawidSkene": "aggregators.fast_dawid_skene",
    "GLAD": "aggregators.glad",
    "IBCC": "aggregators.ibcc",
    "KOS": "aggregators.kos",
    "MACE": "aggregators.mace",
    "MMSR": "aggregators.m_msr",
    "Majority": "aggregators.majority",
    "OneCoinDawidSkene": "aggregators.one_coin_dawid_skene",
    "OrdinalConsensus": "ordinal",
    "OrdinalDawidSkene": "ordinal",
    "PooledDawidSkene": "aggregators.pooled_dawid_skene",
    "RatedConsensus": "consensus",
    "Reliability": "reliability",
    "ShrunkenDawidSkene": "aggregators.shrunken_dawid_skene",
    "SkilledConsensus": "consensus",
    "Votes": "votes",
    "Wawa": "aggregators.wawa",
    "ZeroBasedSkill": "aggregators.zero_based_skill",
    "annotator_skills": "annotators",
    "fit_calibration": "calibration",
    "read_labels": "vote_files",
    "read_votes": "vote_files",
    "reliability_of": "reliability",
}


def __getattr__(name: str) -> Any:  # Any: what a module has; `__init__.pyi` says the types
    """Load a name when it is asked for: most modules of this package are used without most of the others."""
    if name in _HOMES:
        return getattr(importlib.import_module(f"goldsmith.quality.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(_HOMES)
