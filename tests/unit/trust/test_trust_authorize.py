import itertools

import pytest

from goldsmith.trust.authorize import Action, Role, authorize

# o owner, m manager, v reviewer, a annotator, r auditor
TABLE = {
    Action.VIEW_PROJECT: "omvar",
    Action.VIEW_ITEMS: "om r",
    Action.VIEW_OWN_WORK: "omva",
    Action.VIEW_ALL_ANNOTATIONS: "om r",
    Action.VIEW_JOBS: "om r",
    Action.VIEW_PEOPLE: "om r",
    Action.ANSWER: "omva",
    Action.REVIEW: "omv",
    Action.COMMENT: "omva",
    Action.IMPORT_ITEMS: "om",
    Action.EDIT_PROJECT: "om",
    Action.CREATE_PROJECT: "om",
    Action.RUN_JOBS: "om",
    Action.CANCEL_JOBS: "om",
    Action.MAKE_RELEASE: "om",
    Action.READ_RELEASE: "om r",
    Action.MANAGE_PEOPLE: "o",
    Action.MANAGE_OWN_TOKENS: "omva",
    Action.READ_LOG: "om r",
}
LETTERS = {Role.OWNER: "o", Role.MANAGER: "m", Role.REVIEWER: "v", Role.ANNOTATOR: "a", Role.AUDITOR: "r"}


@pytest.mark.parametrize(("role", "action"), list(itertools.product(Role, Action)))
def test_each_role_may_do_what_the_table_says_and_no_more(role, action):
    assert authorize(role, action) is (LETTERS[role] in TABLE[action])


@pytest.mark.parametrize("action", list(Action))
def test_nobody_may_do_nothing(action):
    assert authorize(None, action) is False


def test_an_auditor_reads_everything_and_changes_nothing():
    reading = (".view", ".read")
    reads = {action for action in Action if any(word in action.value for word in reading)} - {Action.VIEW_OWN_WORK}
    assert {action for action in Action if authorize(Role.AUDITOR, action)} == reads


def test_more_rights_never_mean_fewer():
    for action in Action:
        assert authorize(Role.OWNER, action) >= authorize(Role.MANAGER, action) >= authorize(Role.REVIEWER, action)
        assert authorize(Role.REVIEWER, action) >= authorize(Role.ANNOTATOR, action)


@pytest.mark.parametrize("unknown", ["root", "Owner", "", "owner "])
def test_an_unknown_role_or_action_is_denied(unknown):
    assert authorize(unknown, Action.VIEW_PROJECT) is False
    assert authorize(Role.OWNER, unknown) is False
