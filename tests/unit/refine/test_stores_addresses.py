from pathlib import Path

import pytest

from goldsmith.errors import InputError
from goldsmith.refine.flows import places_here
from goldsmith.refine.readers.files import Files
from goldsmith.refine.stores import address_of


@pytest.mark.parametrize(
    ("url", "store", "key"),
    [
        ("s3://bucket", "s3://bucket", ""),
        ("S3://bucket/a b/%20*.txt", "s3://bucket", "a b/%20*.txt"),
        ("gs://bucket//twice", "gs://bucket", "twice"),
        ("az://account/container/in/a.txt", "az://account/container", "in/a.txt"),
        ("abfss://container@account/in", "abfss://container@account", "in"),
        ("https://host:8443/in/a.txt", "https://host:8443", "in/a.txt"),
    ],
)
def test_an_address_has_a_store_and_a_key(url: str, store: str, key: str):
    assert address_of(url) == (store, key)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("s3://", "names no bucket"),
        ("az://account", "names no bucket"),
        ("ftp://host/a.txt", "ftp:// is no kind of store"),
        ("https://me:word@host/a.txt", "carries credentials"),
        ("s3://key:word@bucket/a.txt", "carries credentials"),
        ("https://host/a.txt?X-Amz-Signature=word", "carries credentials"),
        ("file://elsewhere/a.txt", "names no file of this machine"),
    ],
)
def test_what_is_no_address_is_refused_without_its_secrets(tmp_path: Path, path: str, problem: str):
    with pytest.raises(InputError) as caught:
        Files(paths=(path,)).read(places_here(tmp_path, may_fetch=True))
    assert problem in str(caught.value)
    assert "word" not in str(caught.value)


@pytest.mark.parametrize("path", ["s3://bucket/folder", "http://127.0.0.1:9/a.txt", "HTTPS://host/a.txt"])
def test_who_may_not_fetch_asks_nobody(tmp_path: Path, path: str):
    with pytest.raises(InputError, match="a server fetches nothing from elsewhere"):
        Files(paths=(path,)).read(places_here(tmp_path))


def test_a_file_address_is_a_path(tmp_path: Path):
    (tmp_path / "a b.txt").write_text("text", encoding="utf-8")

    (document,) = Files(paths=((tmp_path / "a b.txt").as_uri(),)).read(places_here(tmp_path / "other")).documents

    assert (document.id, document.raw) == ("files/a b.txt", b"text")
