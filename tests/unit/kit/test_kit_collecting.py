import gc

import pytest

from goldsmith.kit.collecting import NEW_OBJECTS, seldom_collected


def test_circles_are_looked_for_seldom_inside_and_as_before_after_it():
    before = gc.get_threshold()

    with seldom_collected():
        assert gc.get_threshold() == (NEW_OBJECTS, *before[1:])
        with seldom_collected():
            pass
        assert gc.get_threshold() == (NEW_OBJECTS, *before[1:])
    assert gc.get_threshold() == before

    with pytest.raises(KeyError), seldom_collected():
        raise KeyError("mine")
    assert gc.get_threshold() == before
