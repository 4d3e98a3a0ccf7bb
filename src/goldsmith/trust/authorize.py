"""Who may do what inside a vault: one table, denied unless it says yes."""

from enum import StrEnum
from types import MappingProxyType


class Role(StrEnum):
    """What a person is in an engagement."""

    OWNER = "owner"
    MANAGER = "manager"
    REVIEWER = "reviewer"
    ANNOTATOR = "annotator"
    AUDITOR = "auditor"


class Action(StrEnum):
    """Everything that a route can ask to do."""

    VIEW_PROJECT = "project.view"
    VIEW_ITEMS = "items.view"
    VIEW_OWN_WORK = "work.view-own"
    VIEW_ALL_ANNOTATIONS = "annotations.view-all"
    VIEW_JOBS = "jobs.view"
    VIEW_PEOPLE = "people.view"
    ANSWER = "item.answer"
    REVIEW = "item.review"
    COMMENT = "item.comment"
    IMPORT_ITEMS = "items.import"
    EDIT_PROJECT = "project.edit"
    CREATE_PROJECT = "project.create"
    RUN_JOBS = "jobs.run"
    CANCEL_JOBS = "jobs.cancel"
    MAKE_RELEASE = "release.make"
    READ_RELEASE = "release.read"
    MANAGE_PEOPLE = "people.manage"
    MANAGE_OWN_TOKENS = "tokens.manage-own"
    READ_LOG = "log.read"


_READS = frozenset(
    {
        Action.VIEW_PROJECT,
        Action.VIEW_ITEMS,
        Action.VIEW_ALL_ANNOTATIONS,
        Action.VIEW_JOBS,
        Action.VIEW_PEOPLE,
        Action.READ_RELEASE,
        Action.READ_LOG,
    }
)
_WORK = frozenset({Action.VIEW_PROJECT, Action.VIEW_OWN_WORK, Action.ANSWER, Action.COMMENT, Action.MANAGE_OWN_TOKENS})
_STEERING = frozenset(
    {
        Action.IMPORT_ITEMS,
        Action.EDIT_PROJECT,
        Action.CREATE_PROJECT,
        Action.RUN_JOBS,
        Action.CANCEL_JOBS,
        Action.MAKE_RELEASE,
    }
)
_ALLOWED = MappingProxyType(
    {
        Role.OWNER: _READS | _WORK | _STEERING | {Action.REVIEW, Action.MANAGE_PEOPLE},
        Role.MANAGER: _READS | _WORK | _STEERING | {Action.REVIEW},
        Role.REVIEWER: _WORK | {Action.REVIEW},
        Role.ANNOTATOR: _WORK,
        Role.AUDITOR: _READS,
    }
)


def authorize(role: Role | None, action: Action) -> bool:
    """Whether somebody with this role in the vault may do `action`; nobody (None) may do nothing."""
    return role is not None and action in _ALLOWED.get(role, frozenset())
