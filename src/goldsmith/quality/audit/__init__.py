"""Audits: how right all labels are, from a random sample that experts answered anew; one subject a file."""

from goldsmith.quality.audit.allocation import Part, Plan, allocated, plan_parts
from goldsmith.quality.audit.planning import audit_size, audit_size_to_show, expected_half_width
from goldsmith.quality.audit.predicted import Predicted, prediction_powered
from goldsmith.quality.audit.reports import AuditReport, Power, audit_report

__all__ = [
    "AuditReport",
    "Part",
    "Plan",
    "Power",
    "Predicted",
    "allocated",
    "audit_report",
    "audit_size",
    "audit_size_to_show",
    "expected_half_width",
    "plan_parts",
    "prediction_powered",
]
