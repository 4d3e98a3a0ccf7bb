import gzip
import os
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest

from goldsmith.errors import InputError
from goldsmith.refine.disk import as_text, matcher, walk
from goldsmith.refine.model import Places, RawDocument, Source
from goldsmith.refine.readers.files import Files
from goldsmith.refine.readers.python_packages import PythonPackages
from goldsmith.refine.readers.system_docs import SystemDocs


def places(base: Path, *, docs: tuple[Path, ...] = (), packages: tuple[Distribution, ...] = ()) -> Places:
    return Places(base=base, doc_folders=docs, packages=lambda: packages)


def put(path: Path, content: str | bytes = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(source: Source, base: Path) -> list[RawDocument]:
    return list(source.read(places(base)).documents)


def ids(documents: list[RawDocument]) -> list[str]:
    return [document.id for document in documents]


def test_a_folder_gives_its_texts_sorted_with_paths_as_ids(tmp_path: Path):
    put(tmp_path / "in/b.md")
    put(tmp_path / "in/a/z.TXT")
    put(tmp_path / "in/a/page.html", "<p>hi")
    put(tmp_path / "in/picture.png")
    put(tmp_path / "in/copyright")

    found = read(Files(paths=("in",), extra_names=("copyright",)), tmp_path)

    assert ids(found) == ["files/a/page.html", "files/a/z.TXT", "files/b.md", "files/copyright"]
    assert [document.media for document in found] == ["html", "text", "text", "text"]
    assert found[0].raw == b"<p>hi"


def test_named_files_and_globs_are_read_whatever_their_extension(tmp_path: Path):
    put(tmp_path / "x.log")
    put(tmp_path / "logs/a.log")
    put(tmp_path / "logs/deep/er/b.log")
    put(tmp_path / "logs/deep/c.txt")

    found = read(Files(paths=("x.log", "logs/**/*.log"), name="mine"), tmp_path)

    assert ids(found) == ["mine/x.log", "mine/a.log", "mine/deep/er/b.log"]


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("*.txt", "a.txt", True),
        ("*.txt", "a/b.txt", False),
        ("**/*.txt", "a/b/c.txt", True),
        ("**/*.txt", "c.txt", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[ab]x", "bx", True),
        ("[!ab]x", "bx", False),
        ("a.txt", "aXtxt", False),
        ("x[1", "x[1", True),
    ],
)
def test_globs_match_as_people_expect(pattern: str, name: str, fits: bool):
    assert (matcher(pattern).match(name) is not None) is fits


@pytest.mark.parametrize(
    ("paths", "said"),
    [
        (("nowhere",), "nowhere does not exist"),
        (
            ("empty",),
            "empty has no file that ends in .txt, .md, .rst, .html, .htm, .xhtml, .jsonl, .ndjson, .json, .csv",
        ),
        (("nowhere/*.txt",), "nowhere does not exist"),
        (("empty/*.txt",), "no file matches"),
    ],
)
def test_a_source_that_matches_nothing_says_so(tmp_path: Path, paths: tuple[str, ...], said: str):
    (tmp_path / "empty").mkdir()

    with pytest.raises(InputError, match="source 'files'") as caught:
        read(Files(paths=paths), tmp_path)

    assert said in str(caught.value)
    assert "Mend `paths` in the recipe." in str(caught.value)


def test_links_are_followed_inside_the_root_only_and_never_in_circles(tmp_path: Path):
    put(tmp_path / "secret.txt", "outside")
    put(tmp_path / "in/a.txt", "inside")
    (tmp_path / "in/link.txt").symlink_to(tmp_path / "in/a.txt")
    (tmp_path / "in/out.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "in/gone.txt").symlink_to(tmp_path / "in/nothing.txt")
    (tmp_path / "in/loop").symlink_to(tmp_path / "in", target_is_directory=True)
    (tmp_path / "in/up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "root").symlink_to(tmp_path / "in", target_is_directory=True)

    assert ids(read(Files(paths=("in",)), tmp_path)) == ["files/a.txt", "files/link.txt"]
    assert ids(read(Files(paths=("root",)), tmp_path)) == ["files/a.txt", "files/link.txt"]


def test_what_is_no_regular_file_is_passed_over(tmp_path: Path):
    put(tmp_path / "in/a.txt")
    os.mkfifo(tmp_path / "in/pipe.txt")

    assert ids(read(Files(paths=("in",)), tmp_path)) == ["files/a.txt"]


def test_a_name_that_is_no_unicode_becomes_an_id_that_is(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("x")
    except OSError:
        pytest.skip("this file system takes Unicode names only")

    assert ids(read(Files(paths=("in",)), tmp_path)) == ["files/caf\\xe9.txt"]
    assert as_text("plain") == "plain"


def test_a_folder_that_cannot_be_read_fails_and_the_rest_goes_on(tmp_path: Path):
    put(tmp_path / "in/a.txt")
    gone = tmp_path / "in/gone"
    gone.mkdir()

    found = list(walk(tmp_path / "in"))
    gone.rmdir()
    late = list(walk(gone))

    assert [each.name for each in found] == ["a.txt"]
    assert late[0].failure == "the folder cannot be read: No such file or directory"


def test_gzip_is_unpacked_and_its_faults_are_named(tmp_path: Path):
    whole = gzip.compress(b"hello " * 5000)
    put(tmp_path / "in/a.txt.gz", whole)
    put(tmp_path / "in/b.txt.gz", whole[:-20])
    put(tmp_path / "in/c.txt.gz", b"no gzip at all")
    put(tmp_path / "in/d.txt.gz", whole[:12] + b"\xff" * 20 + whole[32:])

    a, b, c, d = read(Files(paths=("in",)), tmp_path)

    assert a.raw == b"hello " * 5000
    assert b.failure == "the gzip file ends before its content does"
    assert c.failure is not None
    assert c.failure.startswith("not a sound gzip file: Not a gzipped file")
    assert d.failure is not None
    assert d.failure.startswith("not a sound gzip file")


def test_a_document_that_is_too_large_fails_without_being_held_in_memory(tmp_path: Path):
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(200 << 20)
    put(tmp_path / "bomb.txt.gz", gzip.compress(bytes(30 << 20)))

    large, bomb = read(Files(paths=("a.txt", "bomb.txt.gz"), max_bytes=1 << 20), tmp_path)

    assert large.failure == ("209,715,200 bytes, more than 1,048,576 bytes; raise `max_bytes` of its source to read it")
    assert bomb.failure == "more than 1,048,576 bytes; raise `max_bytes` of its source to read it"
    assert (large.raw, bomb.raw) == (None, None)


def test_rows_of_json_lines_keep_their_ids_and_other_fields(tmp_path: Path):
    put(
        tmp_path / "a.jsonl",
        '\ufeff{"id": "x1", "text": "one", "stars": 5, "tags": ["a"], "none": null}\n\n{"text": "two"}',
    )
    put(tmp_path / "b.jsonl.gz", gzip.compress(b'{"key": 7, "body": "three"}\n'))

    rows = read(Files(paths=("a.jsonl",)), tmp_path)
    others = read(Files(paths=("b.jsonl.gz",), text_field="body", id_field="key"), tmp_path)

    assert ids(rows) == ["x1", "files/a.jsonl:3"]
    assert [row.text for row in rows] == ["one", "two"]
    assert rows[0].meta == {"stars": "5", "tags": '["a"]'}
    assert (others[0].id, others[0].text) == ("7", "three")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"text": "x"', "rows.jsonl:2: not JSON: Input data was truncated"),
        (b"[1]", "rows.jsonl:2: a row has to be an object with 'text'"),
        (b'{"body": "x"}', "rows.jsonl:2: the field 'text' holds no text; the row's fields: body"),
        (b'{"text": 3}', "rows.jsonl:2: the field 'text' holds no text; the row's fields: text"),
        (b'{"text": "x", "id": [1]}', "rows.jsonl:2: the field 'id' is no text or whole number"),
        (b'{"text": "x", "id": true}', "rows.jsonl:2: the field 'id' is no text or whole number"),
        (b'{"text": "caf\xe9"}', "rows.jsonl:2: not JSON"),
        (b'{"text": "\\ud800"}', "rows.jsonl:2: not JSON"),
        (b'{"text": "' + b"x" * 3000 + b'"}', "rows.jsonl:2: the line has more than 2,000 bytes"),
    ],
)
def test_a_malformed_row_fails_with_its_line_and_the_others_are_read(tmp_path: Path, line: bytes, said: str):
    put(tmp_path / "rows.jsonl", b'{"text": "one"}\n' + line + b'\n{"text": "three"}\n')

    first, bad, last = read(Files(paths=("rows.jsonl",), max_bytes=2000), tmp_path)

    assert (first.text, last.text) == ("one", "three")
    assert bad.failure is not None
    assert said in bad.failure
    assert bad.id == "files/rows.jsonl:2"


def test_rows_after_a_broken_gzip_are_lost_and_said_to_be(tmp_path: Path):
    rows = b"".join(b'{"text": "%d"}\n' % n for n in range(20_000))
    put(tmp_path / "rows.jsonl.gz", gzip.compress(rows)[:-2000])

    found = read(Files(paths=("rows.jsonl.gz",)), tmp_path)

    assert len(found) > 100
    assert found[-1].failure is not None
    assert found[-1].failure.endswith("the gzip file ends before its content does")


def package(site: Path, name: str, metadata: str, files: dict[str, str]) -> None:
    info = f"{name}-1.0.dist-info"
    for path, content in files.items():
        put(site / path, content)
    put(site / info / "METADATA", f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{metadata}")
    put(site / info / "RECORD", "".join(f"{path},,\n" for path in [*files, f"{info}/METADATA", "../../etc/README"]))


def packages_of(site: Path, source: PythonPackages, base: Path) -> list[RawDocument]:
    found = tuple(distributions(path=[str(site)]))
    return list(source.read(places(base, packages=found)).documents)


def test_packages_give_their_texts_with_the_licence_they_declare(tmp_path: Path):
    site = tmp_path / "site"
    package(
        site,
        "Zeta",
        "License-Expression: MIT OR Apache-2.0\nLicense: ignored\n\nWhat it is.\n",
        {
            "Zeta-1.0.dist-info/licenses/LICENSE.txt": "MIT",
            "zeta/license.py": "code",
            "zeta/README": "read me",
            "zeta/_vendor/lib/COPYING": "GPL",
            "zeta/CHANGES.md": "- new",
            "zeta/notes.txt": "no",
        },
    )

    found = packages_of(site, PythonPackages(), tmp_path)

    assert ids(found) == [
        "python-packages/Zeta/Zeta-1.0.dist-info/licenses/LICENSE.txt",
        "python-packages/Zeta/zeta/CHANGES.md",
        "python-packages/Zeta/zeta/README",
        "python-packages/Zeta/zeta/_vendor/lib/COPYING",
        "python-packages/Zeta/METADATA",
    ]
    assert found[0].meta == {
        "package": "Zeta",
        "package_version": "1.0",
        "kind": "licence",
        "declared_licence": "MIT OR Apache-2.0",
    }
    assert found[3].meta == {"package": "Zeta", "package_version": "1.0", "kind": "licence", "vendored": "yes"}
    assert found[4].raw == b"What it is."
    assert len(packages_of(site, PythonPackages(kinds=("licence",)), tmp_path)) == 2


@pytest.mark.parametrize(
    ("metadata", "declared"),
    [
        ("License: BSD\n", "BSD"),
        ("License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License\n", "MIT License"),
        (
            "Classifier: License :: OSI Approved :: MIT License\nClassifier: License :: Freeware\n",
            "MIT License; Freeware",
        ),
        ("License: A whole text\n        of several lines\nClassifier: License :: Public Domain\n", "Public Domain"),
        ("Classifier: Topic :: Text\n", None),
    ],
)
def test_the_declared_licence_is_the_best_that_a_package_says(tmp_path: Path, metadata: str, declared: str | None):
    package(tmp_path, "x", metadata, {"x/LICENSE": "text"})

    (found,) = packages_of(tmp_path, PythonPackages(), tmp_path)

    assert found.meta.get("declared_licence") == declared


def test_of_two_packages_with_one_name_the_imported_one_is_read(tmp_path: Path):
    package(tmp_path / "first", "some-thing", "", {"a/LICENSE": "first"})
    package(tmp_path / "second", "Some_Thing", "", {"a/LICENSE": "second"})
    found = tuple(distributions(path=[str(tmp_path / "first"), str(tmp_path / "second")]))

    documents = list(PythonPackages().read(places(tmp_path, packages=found)).documents)

    assert [document.raw for document in documents] == [b"first"]


def test_this_environment_has_licences_to_read(tmp_path: Path):
    found = list(PythonPackages(kinds=("licence",)).read(places(tmp_path, packages=tuple(distributions()))).documents)

    assert {"numpy", "pytest"} <= {document.meta["package"] for document in found}
    assert not [document.failure for document in found if document.failure]


def docs(folder: Path) -> Path:
    put(folder / "bash/copyright", "GPL")
    put(folder / "bash/changelog.gz", gzip.compress(b"new"))
    put(folder / "bash/examples/README.md", "read")
    put(folder / "bash/page.html", "<p>")
    put(folder / "sed/copyright", "GPL")
    put(folder / "sed/a/b/c/d/e/README", "too deep")
    (folder / "sed-link").symlink_to(folder / "sed", target_is_directory=True)
    return folder


def test_system_docs_are_the_known_names_with_their_package(tmp_path: Path):
    found = list(SystemDocs().read(places(tmp_path, docs=(docs(tmp_path / "doc"), tmp_path / "none"))).documents)

    assert ids(found) == [
        "system-docs/bash/changelog.gz",
        "system-docs/bash/copyright",
        "system-docs/bash/examples/README.md",
        "system-docs/sed/copyright",
    ]
    assert found[0].raw == b"new"
    assert [document.meta["package"] for document in found] == ["bash", "bash", "bash", "sed"]


def test_system_docs_take_at_most_so_many_the_first_patterns_first(tmp_path: Path):
    where = places(tmp_path, docs=(docs(tmp_path / "doc"),))

    def taken(n: int) -> list[str]:
        reading = SystemDocs(max_files=n).read(where)
        documents = list(reading.documents)
        assert reading.total == len(documents) == n
        return ids(documents)

    assert taken(2) == ["system-docs/bash/copyright", "system-docs/sed/copyright"]
    assert taken(3) == taken(3)
    assert set(taken(1)) <= set(taken(2)) <= set(taken(3))


def test_a_system_without_docs_gives_none(tmp_path: Path):
    assert SystemDocs().read(places(tmp_path, docs=(tmp_path / "none",))).total == 0
