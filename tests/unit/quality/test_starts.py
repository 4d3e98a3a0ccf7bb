import numpy as np

from goldsmith.quality.starts import annotator_keys, task_keys, uniforms
from goldsmith.quality.votes import Votes

TASKS, ANNOTATORS, LABELS = list("ttuuvv"), list("abacbc"), list("xyxxyy")


def test_draws_are_uniform_and_independent():
    drawn = uniforms(np.arange(20_000, dtype=np.uint64), 4)

    assert 0 < drawn.min() < 1e-4
    assert 1 - 1e-4 < drawn.max() < 1
    np.testing.assert_allclose(drawn.mean(axis=0), 0.5, atol=0.01)
    np.testing.assert_allclose(np.histogram(drawn, 10, (0, 1))[0] / drawn.size, 0.1, atol=0.005)
    assert np.abs(np.corrcoef(drawn.T) - np.eye(4)).max() < 0.03
    assert np.abs(np.corrcoef(drawn[1:, 0], drawn[:-1, 0])[0, 1]) < 0.03


def test_the_first_draws_of_a_key_do_not_depend_on_how_many_are_drawn():
    keys = task_keys(Votes.from_columns(TASKS, ANNOTATORS, LABELS), seed=3)

    assert uniforms(keys, 2).tolist() == uniforms(keys, 5)[:, :2].tolist()
    assert uniforms(keys, 3, skip=2).tolist() == uniforms(keys, 5)[:, 2:].tolist()


def test_annotators_are_told_apart_by_their_answers_alone():
    votes = Votes.from_columns(TASKS, ANNOTATORS, LABELS)
    renamed = Votes.from_columns(TASKS, list("zbzcbc"), LABELS)  # a becomes z
    alike = Votes.from_columns(list("ttuu"), list("abab"), list("xxyy"))

    a, b, c = annotator_keys(votes, seed=0).tolist()

    assert len({a, b, c}) == 3
    assert annotator_keys(renamed, seed=0).tolist() == [b, c, a]
    assert len(set(annotator_keys(alike, seed=0).tolist())) == 1
    assert annotator_keys(votes, seed=1).tolist() != [a, b, c]


def test_other_classes_make_other_annotators():
    swapped = Votes.from_columns(list("tt"), list("ab"), list("xy"))

    first, second = annotator_keys(swapped, seed=0).tolist()

    assert first != second


def test_a_task_may_have_the_name_of_a_class():
    first, second = annotator_keys(Votes.from_columns(list("xy"), list("ab"), list("xy")), seed=0).tolist()

    assert first != second
