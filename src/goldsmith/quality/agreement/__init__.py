"""How far annotators agree, corrected for chance or not; one measure a file."""

from goldsmith.quality.agreement.alpha import alpha_of_values, krippendorff_alpha
from goldsmith.quality.agreement.by_level import measured_agreement
from goldsmith.quality.agreement.cohen import cohen_kappa, mean_cohen_kappa
from goldsmith.quality.agreement.distances import distance_agreement, distance_alpha
from goldsmith.quality.agreement.fleiss import fleiss_kappa
from goldsmith.quality.agreement.gwet import gwet_ac1
from goldsmith.quality.agreement.percent import percent_agreement
from goldsmith.quality.agreement.ratings import LEVELS, Level
from goldsmith.quality.agreement.spans import Marked, Span, unitizing_alpha

__all__ = [
    "LEVELS",
    "Level",
    "Marked",
    "Span",
    "alpha_of_values",
    "cohen_kappa",
    "distance_agreement",
    "distance_alpha",
    "fleiss_kappa",
    "gwet_ac1",
    "krippendorff_alpha",
    "mean_cohen_kappa",
    "measured_agreement",
    "percent_agreement",
    "unitizing_alpha",
]
