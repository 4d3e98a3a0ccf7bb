import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from release_factories import KEY, make_facts, make_row

from goldsmith.errors import VerificationError
from goldsmith.releases.diffs import Changes, changes
from goldsmith.releases.flows import write_release


def _release(parent, version, versions_of_items):
    rows = (make_row(number, payload={"text": text}) for number, text in sorted(versions_of_items.items()))
    write_release(parent, version, make_facts(), rows=rows, annotations=[], key=KEY)
    return parent / version


ITEMS = st.dictionaries(st.integers(0, 6), st.sampled_from(["a", "b"]), max_size=6)


@given(old=ITEMS, new=ITEMS)
def test_changes_are_those_of_two_dictionaries(tmp_path_factory, old, new):
    parent = tmp_path_factory.mktemp("diff")
    found = changes(_release(parent, "v1", old), _release(parent, "v2", new))
    assert found == Changes(
        n_added=len(new.keys() - old.keys()),
        n_removed=len(old.keys() - new.keys()),
        n_changed=sum(old[number] != new[number] for number in old.keys() & new.keys()),
    )


def test_a_new_answer_alone_is_a_change(tmp_path):
    row = make_row(1)
    write_release(tmp_path, "v1", make_facts(), rows=[row], annotations=[], key=KEY)
    fewer = msgspec.structs.replace(row, answers=row.answers[:1])
    write_release(tmp_path, "v2", make_facts(), rows=[fewer], annotations=[], key=KEY)
    assert changes(tmp_path / "v1", tmp_path / "v2") == Changes(n_added=0, n_removed=0, n_changed=1)


@pytest.mark.parametrize("content", [None, b"garbage\n", b"swapped"])
def test_a_release_without_usable_row_hashes_is_not_compared(tmp_path, content):
    old, new = _release(tmp_path, "v1", {1: "a", 2: "b"}), _release(tmp_path, "v2", {})
    path = old / "rows" / "items.sha256"
    lines = path.read_bytes().splitlines(keepends=True)
    path.unlink()
    if content is not None:
        path.write_bytes(b"".join(reversed(lines)) if content == b"swapped" else content)
    with pytest.raises(VerificationError, match=r"items\.sha256"):
        changes(old, new)
